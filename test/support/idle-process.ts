/** Turns of the event loop without an event that prove idleness. */
const QUIET_TURNS = 2;

/** Number of living threads of this process. */
let threads = 0;
process.on('worker', (worker) => {
  threads += 1;
  worker.once('exit', () => {
    threads -= 1;
  });
});

/**
 * Resolves once the event loop finds nothing to do. It would have seen bytes in Unix sockets and messages in ports;
 * `moves` counts what it does not see.
 */
export async function untilIdle(moves: () => number): Promise<void> {
  let before = Number.NaN;
  for (let quiet = 0; quiet < QUIET_TURNS; quiet += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    const now = performance.nodeTiming.uvMetricsInfo.events + moves();
    if (now !== before) quiet = -1;
    before = now;
  }
}

/** Names of what other threads, or the system, do for this one. */
export function awaitedOthers(): string[] {
  const requests = process.getActiveResourcesInfo().filter((name) => /Req|ConnectWrap|WriteWrap/.test(name));
  return threads > 0 ? [`${threads} threads`, ...requests] : requests;
}
