#!/usr/bin/env bash
# Guess: where a server tells its token counts, inference-perf's time per output token and tokens a second go by them.
# Seen: they go by its own tokenizer. The server's counts are in the file (`output_tokens`), and `token_count_mismatches` is the number
# of all requests, but no figure uses them and nothing is said: a tokenizer with a token for each byte makes a server
# of 10 ms a token look several times as fast.
# Versions: inference-perf 0.7.0, which needs Python 3.12 or later. Needs a built checkout, for `tokenswarm simulate`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'kill "$server" 2> /dev/null || true; rm -rf "$work"' EXIT
node "$here/../dist/bundle/bin/tokenswarm.js" simulate --port 18474 > /dev/null 2>&1 &
server=$!
for python in "${PYTHON312:-python3.12}" python3.13 python3; do
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2> /dev/null && break
  python=
done
[ -n "$python" ] || { echo 'no Python of 3.12 or later: name one by PYTHON312' >&2; exit 2; }
"$python" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet inference-perf==0.7.0
"$work/venv/bin/python" "$here/tiny.py" tokenizer "$work/tokenizer"
cat > "$work/load.yml" << YML
load: { type: constant, num_workers: 1, stages: [{ rate: 2, duration: 3 }] }
api: { type: completion, streaming: true }
server: { type: vllm, model_name: sim-ttft50-itl10-len100, base_url: "http://127.0.0.1:18474", ignore_eos: true }
tokenizer: { pretrained_model_name_or_path: "$work/tokenizer" }
data:
  type: random
  input_distribution: { min: 40, max: 60, mean: 50, std_dev: 5, total_count: 20 }
  output_distribution: { min: 100, max: 100, mean: 100, std_dev: 0, total_count: 20 }
storage: { local_storage: { path: "$work/out" } }
YML
(cd "$work" && HF_HUB_OFFLINE=1 "$work/venv/bin/inference-perf" -c load.yml > log 2>&1) || { tail -20 "$work/log"; exit 1; }
python3 - "$work"/out/*summary_lifecycle_metrics.json << 'PY'
import json, sys
told = json.load(open(sys.argv[1]))["successes"]
tpot = 1000 * told["latency"]["time_per_output_token"]["mean"]
print(f"time per output token {tpot:.2f} ms where the server took 10")
print(f"{told['output_len']['mean']:.0f} tokens an answer by inference-perf, {told['output_tokens']['mean']:.0f} by the server,")
print(f"{told['token_count_mismatches']} mismatches in {told['count']} requests")
sys.exit(not (tpot < 5 and told["output_tokens"]["mean"] == 100 and told["token_count_mismatches"] == told["count"]))
PY
