import assert from 'node:assert/strict';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { whole } from '../support/scripts.js';
import { VirtualTime } from '../support/virtual-time.js';

describe('options for the whole load', () => {
  const folder = testFolder();
  const time = new VirtualTime();

  it('minIterationDuration keeps users waiting, and is not counted in iteration_duration', async () => {
    const file = folder.write(
      'padded.ts',
      `import { sleep } from 'tokenswarm';
       export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 2, iterations: 3 } }, minIterationDuration: '400ms' };
       export default async function () {
         await sleep(__VU === 1 ? 0.01 : 0);
         if (__ITER === 1) throw new Error('padded all the same');
       }`,
    );
    const summary = await time.runToEnd(file, settings(undefined));
    assert.equal(whole(summary, 'iterations').count, 6);
    assert.equal(whole(summary, 'iteration_lateness').count, 2, 'of the first iteration of each user');
    // The last iteration is waited for as well.
    assert.equal(summary.run.seconds, 1.2);
    const { min, max } = whole(summary, 'iteration_duration');
    assert.deepEqual([min, max], [0, 10]);
  });

  it('minIterationDuration does not outlast an interruption', async () => {
    const file = folder.write(
      'cut.ts',
      `export const options = { scenarios: { a: { executor: 'constant-vus', vus: 2, duration: '10m' } }, minIterationDuration: '10m' };
       export default async function () {}`,
    );
    const summary = await time.runToEnd(file, settings(undefined), ({ elapsed }, running) => {
      if (elapsed > 1000) running.abort();
    });
    assert.deepEqual([whole(summary, 'iterations').count, summary.metrics.interrupted_iterations], [2, undefined]);
    assert.equal(summary.run.seconds, 1.25);
  });

  it('warmup begins the steady state later than the load reaches its maximum', async () => {
    const file = folder.write(
      'warm.ts',
      `import { sleep } from 'tokenswarm';
       export const options = { warmup: '1s', scenarios: { a: { executor: 'constant-arrival-rate', rate: 10, duration: '2s', preAllocatedVUs: 10 } } };
       export default async function () { await sleep(0.001); }`,
    );
    const summary = await time.runToEnd(file, settings(undefined, { workers: 2 }));
    assert.deepEqual(summary.windows.steady, { from: 1, to: 2 });
    const { steady, whole: all } = summary.metrics.iterations?.windows ?? {};
    assert.equal(all?.count, 20);
    assert.equal(steady?.count, 10);
  });
});
