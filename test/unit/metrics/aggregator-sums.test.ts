import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Aggregator } from '../../../engine/metrics/aggregator.js';
import { Recorder } from '../../../engine/metrics/recorder.js';
import type { Phase } from '../../../engine/metrics/series.js';

const STEADY = { from: 2000, to: 6000 };
const BOTH: readonly Phase[] = ['steady', 'outside'];

/** One sample of everything: which worker took it, of what, and when. */
interface Taken {
  readonly worker: number;
  readonly name: string;
  readonly at: number;
  readonly value: number;
  readonly passed: boolean;
}

const taken = (workers: number): fc.Arbitrary<Taken> =>
  fc.record({
    worker: fc.nat(workers - 1),
    name: fc.constantFrom('x', 'y', 'z'),
    at: fc.integer({ min: 0, max: 7999 }),
    value: fc.integer({ min: 0, max: 5000 }),
    passed: fc.boolean(),
  });

/** Records samples in workers, flushed every second into one aggregator. */
function enter(samples: readonly Taken[], workers: number): Aggregator {
  const aggregator = new Aggregator();
  const recorders = Array.from({ length: workers }, (_, worker) => new Recorder(worker, 0, STEADY));
  for (let second = 0; second < 8; second += 1) {
    for (const [worker, recorder] of recorders.entries()) {
      const mine = samples.filter((sample) => sample.worker === worker && Math.floor(sample.at / 1000) === second);
      for (const { at, name, value, passed } of mine) {
        const [tags, phase] = [{ name }, recorder.phaseAt(at)] as const;
        recorder.counter('llm_requests', tags, phase).add(value);
        recorder.rate('llm_failed', tags, phase).add(passed);
        recorder.trend('llm_ttft', tags, phase).add(value);
      }
      aggregator.apply(structuredClone(recorder.flush((second + 1) * 1000, [])));
    }
  }
  return aggregator;
}

/** Expected sums of these samples. */
function assertBooks(aggregator: Aggregator, samples: readonly Taken[], phases: readonly Phase[], name?: string): void {
  const selector = name === undefined ? {} : { name };
  const rate = aggregator.merged('llm_failed', phases, selector);
  const trend = aggregator.merged('llm_ttft', phases, selector);
  const sum = samples.reduce((total, { value }) => total + value, 0);
  assert.equal(aggregator.total('llm_requests', phases, selector), sum);
  if (samples.length === 0) {
    assert.equal(rate, undefined);
    assert.equal(trend, undefined);
    return;
  }
  assert.ok(rate?.kind === 'rate' && trend?.kind === 'trend');
  assert.deepEqual([rate.passes, rate.total], [samples.filter(({ passed }) => passed).length, samples.length]);
  const { histogram } = trend;
  const values = samples.map(({ value }) => value);
  assert.deepEqual(
    [histogram.count, histogram.sum, histogram.min, histogram.max],
    [samples.length, sum, Math.min(...values), Math.max(...values)],
  );
}

for (const workers of [1, 2, 5]) {
  describe(`samples of ${workers} ${workers === 1 ? 'worker' : 'workers'}`, () => {
    it('are all in the aggregator, each in its phase and under its tags', () => {
      fc.assert(
        fc.property(fc.array(taken(workers), { maxLength: 60 }), (samples) => {
          const aggregator = enter(samples, workers);
          const steady = samples.filter(({ at }) => at >= STEADY.from && at < STEADY.to);
          assertBooks(aggregator, samples, BOTH);
          assertBooks(aggregator, steady, ['steady']);
          for (const name of ['x', 'y', 'z']) {
            const own = (sample: Taken) => sample.name === name;
            assertBooks(aggregator, samples.filter(own), BOTH, name);
            assertBooks(aggregator, steady.filter(own), ['steady'], name);
          }
        }),
        { numRuns: 40 },
      );
    });
  });
}
