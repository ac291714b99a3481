#!/usr/bin/env bash
# Guess: a benchmark that notes only "has_api_key": true in its metadata keeps the key out of its result folder.
# Seen: experiment_metadata.json, made to be handed on with the results, has the whole command line under "cmd", `--api-key sk-…`
# among it, beside "has_api_key": true.
# Versions: genai-bench 0.0.5. Needs a built checkout, for `tokenswarm simulate`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'kill "$server" 2> /dev/null || true; rm -rf "$work"' EXIT
node "$here/../dist/bundle/bin/tokenswarm.js" simulate --port 18473 > /dev/null 2>&1 &
server=$!
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet genai-bench==0.0.5
"$work/venv/bin/python" "$here/tiny.py" tokenizer "$work/tokenizer"
key=sk-0123456789abcdef
# It leaves its log where it is started.
cd "$work"
HF_HUB_OFFLINE=1 "$work/venv/bin/genai-bench" benchmark --api-backend openai --api-base http://127.0.0.1:18473 --api-key $key \
  --api-model-name sim-ttft5-itl1-len5 --model-tokenizer "$work/tokenizer" --task text-to-text --max-time-per-run 1 \
  --max-requests-per-run 2 --num-concurrency 1 --traffic-scenario 'D(20,5)' --experiment-base-dir "$work/out" > "$work/log" 2>&1 ||
  { tail -20 "$work/log"; exit 1; }
grep -h -o '"has_api_key": [a-z]*' "$work"/out/*/experiment_metadata.json
grep -h -o -e "--api-key [^ ]*" "$work"/out/*/experiment_metadata.json
grep -q "$key" "$work"/out/*/experiment_metadata.json
