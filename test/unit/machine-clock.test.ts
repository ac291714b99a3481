import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';

const CLOCK = new URL('../../engine/clock.js', import.meta.url).href;

/**
 * Script that prints the difference between our clock and the machine's. It reads our clock between two readings of the
 * machine's, many times, and keeps the fastest of them; milliseconds.
 */
const COMPARE = `
  const { systemClock } = await import(${JSON.stringify(CLOCK)});
  let shortest = Infinity;
  let apart = NaN;
  for (let i = 0; i < 2000; i += 1) {
    const before = Number(process.hrtime.bigint()) / 1e6;
    const now = systemClock.now();
    const after = Number(process.hrtime.bigint()) / 1e6;
    if (after - before >= shortest) continue;
    shortest = after - before;
    apart = now - (before + after) / 2;
  }
`;

describe('the system clock shows the time of the machine', () => {
  it('in this thread', async () => {
    const { systemClock } = await import(CLOCK);
    const before = Number(process.hrtime.bigint()) / 1e6;
    const now = systemClock.now();
    const after = Number(process.hrtime.bigint()) / 1e6;
    assert.ok(now > before - 0.1 && now < after + 0.1, `${before} ${now} ${after}`);
  });

  it('in a worker thread', async () => {
    const code = `(async () => { ${COMPARE} require('node:worker_threads').parentPort.postMessage(apart); })()`;
    const worker = new Worker(code, { eval: true });
    const apart = await new Promise<number>((resolve, reject) => worker.once('message', resolve).once('error', reject));
    assert.ok(Math.abs(apart) < 0.1, `${apart} ms apart`);
  });

  it('in another process', async () => {
    const args = ['--input-type=module', '--eval', `${COMPARE} console.log(apart);`];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    assert.ok(Math.abs(Number(stdout)) < 0.1, `${stdout} ms apart`);
  });
});
