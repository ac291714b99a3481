#!/usr/bin/env bash
# Guess: AbortSignal.any([leaving, AbortSignal.timeout(300)]) aborts after 300 ms in every Node that has it, or there would be no use in it.
# Seen: in Node 20 it never aborts once the garbage collector has run: the composite signal holds its sources weakly, and nobody else holds the
# timeout. A request with such a limit waits for ever, but only in a busy process, which collects; an idle one keeps its promise. Node 22 and 24
# abort in time. tokenswarm's pushes to an OpenTelemetry collector that answers nothing hung like that; they have a timer of their own now.
# Versions: node 20.20.2, 22.22.0 and 24.13.0, of npm.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > limit.mjs <<'JS'
const signal = AbortSignal.any([new AbortController().signal, AbortSignal.timeout(300)]);
const busy = setInterval(() => globalThis.gc?.(), 50);
const ended = await Promise.race([
  new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted'))),
  new Promise((resolve) => setTimeout(resolve, 3000, 'never aborted')),
]);
clearInterval(busy);
console.log(ended);
JS

for version in 20.20.2 22.22.0 24.13.0; do
  mkdir "node-$version"
  (cd "node-$version" && npm init --yes > /dev/null && npm install --no-audit --no-fund --silent "node@$version")
  node=$(find "node-$version/node_modules" -type f -path '*bin/node' | head -1)
  [ "$("$node" --version)" = "v$version" ] || { echo "node $version could not be installed"; exit 2; }
  idle=$("$node" limit.mjs)
  collecting=$("$node" --expose-gc limit.mjs)
  echo "node $version: $idle; with collections: $collecting"
  case $version in
    20.*) expected='aborted; never aborted' ;;
    *) expected='aborted; aborted' ;;
  esac
  [ "$idle; $collecting" = "$expected" ] || { echo "node $version behaves otherwise now: reporters/otlp/post.ts may be simpler"; exit 1; }
done
