#!/usr/bin/env bash
# Guess: once `destroy()` has resolved, a Piscina pool has no thread and starts none; a thread that was still ending then only ends.
# Seen: a thread whose task was aborted while it sat in a call that cannot be interrupted (a child process waited for) ends when that returns. If
# the pool was destroyed meanwhile, it takes the late exit for a loss, and starts a new thread to keep `minThreads`. Nothing ends that one, so a
# program that embeds the pool never ends by itself. tokenswarm sets `minThreads` to 0 once its threads have started.
# Version: piscina 5.3.2, on Node 20.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes > /dev/null
npm install --no-audit --no-fund --silent piscina@5.3.2

cat > waiting.cjs <<'JS'
const { execFileSync } = require('node:child_process');
module.exports = () => void execFileSync('sleep', ['1']);
JS
cat > pool.cjs <<'JS'
const { join } = require('node:path');
const { Piscina } = require('piscina');
const pool = new Piscina({ filename: join(__dirname, 'waiting.cjs'), minThreads: 1, maxThreads: 1 });
const stop = new AbortController();
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
(async () => {
  const ended = pool.run({}, { signal: stop.signal }).catch((error) => error.name);
  await sleep(500);
  stop.abort();
  const how = await ended;
  await pool.destroy();
  const before = pool.threads.length;
  await sleep(2000);
  console.log(`${how}, ${before} threads after destroy(), ${pool.threads.length} two seconds later`);
  process.exit();
})();
JS
seen=$(node pool.cjs)
echo "piscina 5.3.2: $seen"
[ "$seen" = 'AbortError, 0 threads after destroy(), 1 two seconds later' ] || {
  echo "piscina behaves otherwise now: engine/workers/main/threads.ts may be simpler"
  exit 1
}
