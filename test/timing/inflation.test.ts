import assert from 'node:assert/strict';
import { hasNativeReader } from '../../engine/client/reader/native-reader.js';
import type { Summary } from '../../engine/index.js';
import { testFolder } from '../support/folder.js';
import { isDisturbed, runToEnd, settings } from '../support/run.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

/** The truth of fixed mode. */
const TTFT = 150;
const ITL = 20;
const MODEL = `sim-ttft${TTFT}-itl${ITL}-len20`;

/** Mean excess of the measured gaps over the server's, in milliseconds. */
function lengthened({ metrics }: Summary): number {
  const { values = [], counts = [] } = metrics.llm_itl?.histogram ?? {};
  const total = counts.reduce((sum, count) => sum + count, 0);
  return values.reduce((sum, value, i) => sum + Math.max(0, value - ITL) * (counts[i] ?? 0), 0) / total;
}

describe('what the generator is estimated to add to latencies', () => {
  const folder = testFolder();
  let simulator: Simulator;

  before(async () => {
    simulator = await sharedSimulator();
  });

  /** Runs users with known streams beside one that blocks their thread. It does so for `busy` ms out of some 400. */
  function run(busy: number, reader: 'native' | 'js' = 'js'): Promise<Summary> {
    const file = folder.write(
      `busy-${busy}.ts`,
      `import { chat, random, sleep } from 'tokenswarm';
       export const options = { scenarios: {
         users: { executor: 'constant-vus', vus: 40, duration: '6s' },
         other: { executor: 'constant-vus', vus: 1, duration: '6s', exec: 'think' },
       } };
       export default async function () { await sleep(random() * 0.6); await chat({ messages: 'hi' }); }
       export async function think() {
         const until = performance.now() + ${busy};
         while (performance.now() < until);
         await sleep(0.2 + random() * 0.2);
       }`,
    );
    return runToEnd(file, settings(simulator.url, { workers: 1, reader }, MODEL));
  }

  it('is what it has added, within a factor of two, and little where it had time', async function () {
    this.timeout(60_000);
    const idle = await run(0);
    const busy = await run(100);
    if (isDisturbed(idle) || isDisturbed(busy)) this.skip();
    const ttftOf = ({ metrics }: Summary) => metrics.llm_ttft?.values.avg ?? 0;

    // Σ b² / 2T, of blocks of 100 ms with 300 ms between them.
    const expected = 100 ** 2 / (2 * 400);
    const { ttft = 0, itl = 0, p99 = 0 } = busy.quality.inflation ?? {};
    const ttftError = ttftOf(busy) - ttftOf(idle);
    const itlError = lengthened(busy) - lengthened(idle);
    assert.ok(ttft > expected / 1.5 && ttft < expected * 1.5, `${ttft} ms, by theory ${expected}`);
    assert.ok(ttft > ttftError / 2 && ttft < ttftError * 2, `${ttft} ms estimated of TTFT, ${ttftError} measured`);
    assert.ok(itl > itlError / 2 && itl < itlError * 2, `${itl} ms estimated of ITL, ${itlError} measured`);
    assert.ok(p99 > 80 && p99 < 160, `p99 ${p99} ms`);
    // The gaps after the long ones are as much too short.
    assert.ok(Math.abs((busy.metrics.llm_itl?.values.avg ?? 0) - ITL) < 2);

    // What is left is the machine's.
    const machine = idle.metrics.machine_loop_delay?.values.avg ?? 0;
    assert.ok((idle.quality.inflation?.ttft ?? 99) < 1 + 2 * machine, JSON.stringify(idle.quality));
    assert.ok((idle.quality.inflation?.ttft ?? 99) < ttft / 3);
  });

  it('is next to nothing with the native reader, however busy the thread', async function () {
    if (!hasNativeReader()) this.skip();
    this.timeout(60_000);
    const busy = await run(100, 'native');
    if (isDisturbed(busy)) this.skip();
    const { ttft = 99, itl } = busy.quality.inflation ?? {};
    assert.ok(ttft < 1, `${ttft} ms estimated of TTFT`);
    assert.equal(itl, 0);
    const error = (busy.metrics.llm_ttft?.values.avg ?? 0) - TTFT;
    assert.ok(error < 5, `${error} ms measured of TTFT`);
  });
});
