import assert from 'node:assert/strict';
import { totalmem } from 'node:os';
import { heapLimit } from '../../../../engine/workers/main/heap-limit.js';
import { endOf, type Loss, lossText } from '../../../../engine/workers/main/worker-loss.js';

const CREWS = [
  { name: 'talk', firstVu: 0, load: { maxVus: 10 } },
  { name: 'read', firstVu: 10, load: { maxVus: 5 } },
];
const WHEN = '14.0 s into the load';

describe('a worker that is lost', () => {
  const table: readonly (readonly [Loss['end'], Loss['last'], string])[] = [
    [
      { silence: 10_000 },
      { vu: 10, iteration: 4 },
      `worker 2 was stopped ${WHEN}: user 10 of scenario "talk" blocked its thread for 10 s, in its iteration 4`,
    ],
    [
      { silence: 1000 },
      { vu: 11, iteration: -1 },
      `worker 2 was stopped ${WHEN}: user 11 of scenario "read" blocked its thread for 1 s, at the top of the scenario file`,
    ],
    [
      'memory',
      { vu: 15, iteration: 0 },
      `worker 2 ran out of memory ${WHEN}; user 15 of scenario "read" was the last to run, in its iteration 0`,
    ],
    [
      { exitCode: 3 },
      { vu: 1, iteration: 2 },
      `worker 2 was ended ${WHEN} by process.exit(3); user 1 of scenario "talk" was the last to run, in its iteration 2`,
    ],
    [{ exitCode: 0 }, { vu: 0, iteration: 0 }, `worker 2 was ended ${WHEN} by process.exit(0)`],
    [{ message: 'boom' }, { vu: 1, iteration: 2 }, `worker 2 died ${WHEN}: boom`],
  ];
  for (const [end, last, text] of table) {
    it(`is told of: ${text}`, () => assert.equal(lossText({ worker: 1, end, last }, WHEN, CREWS), text));
  }

  it('ended in the way that its pool has heard of', () => {
    assert.equal(endOf(Object.assign(new Error('x'), { code: 'ERR_WORKER_OUT_OF_MEMORY' })), 'memory');
    assert.deepEqual(endOf(new Error('worker exited with code: 7')), { exitCode: 7 });
    assert.deepEqual(endOf(new Error('boom')), { message: 'boom' });
  });

  it('has had a share of the memory that leaves the process some, however many there were', () => {
    const memory = totalmem() / 2 ** 20;
    for (const workers of [1, 2, 8, 64]) {
      const limit = heapLimit(workers);
      assert.ok(limit >= 128 && limit <= 4096 && Number.isInteger(limit), `${limit}`);
      assert.ok(limit === 128 || limit * workers <= 0.75 * memory, `${workers} workers of ${limit} MiB`);
    }
  });
});
