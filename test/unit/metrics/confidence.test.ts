import assert from 'node:assert/strict';
import {
  boundsOf,
  halfWidth,
  percentileBounds,
  shareBounds,
  studentQuantile,
} from '../../../engine/metrics/confidence.js';
import { Histogram } from '../../../engine/metrics/histogram.js';
import type { HistogramDelta } from '../../../engine/metrics/histogram-delta.js';
import { quantileShares } from '../../../engine/metrics/quantile-bounds.js';
import { randomSource } from '../../../engine/random.js';

/** Share of trials that come out true. Their random numbers are the same each time. */
function trials(count: number, trial: (random: () => number) => boolean): number {
  const random = randomSource(7);
  let hits = 0;
  for (let index = 0; index < count; index += 1) if (trial(random)) hits += 1;
  return hits / count;
}

const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Log-normal latency with a median of 100, near those of real servers. */
const latency = (random: () => number) => 100 * Math.exp(0.4 * normal(random));

function sectioned(random: () => number, parts: number, each: number, level: () => number = () => 1) {
  const all = new Histogram('time');
  const deltas: HistogramDelta[] = Array.from({ length: parts }, () => {
    const factor = level();
    const part = new Histogram('time');
    for (let n = 0; n < each; n += 1) part.record(factor * latency(random));
    all.add(part.toDelta());
    return part.toDelta();
  });
  return { histogram: all, parts: deltas };
}

describe('the confidence in a figure', () => {
  it("uses Student's distribution, as in its table", () => {
    const table = { 1: 63.657, 2: 9.925, 3: 5.841, 7: 3.499, 8: 3.355, 10: 3.169, 19: 2.861, 30: 2.75, 200: 2.601 };
    for (const [freedom, quantile] of Object.entries(table)) {
      assert.equal(Number(studentQuantile(Number(freedom)).toFixed(3)), quantile, freedom);
    }
  });

  it('is undefined for fewer than eight parts', () => {
    const part = { amount: 1, of: 1 };
    assert.equal(halfWidth(Array.from({ length: 7 }, () => part)), undefined);
    assert.equal(halfWidth(Array.from({ length: 8 }, () => part)), 0);
    assert.equal(halfWidth(Array.from({ length: 8 }, () => ({ amount: 0, of: 0 }))), undefined);
  });

  it('holds for a mean about as often as it says, parts being independent', () => {
    const hits = trials(4000, (random) => {
      const parts = Array.from({ length: 20 }, () => ({ amount: 10 + normal(random), of: 1 }));
      const mean = parts.reduce((sum, { amount }) => sum + amount, 0) / 20;
      return Math.abs(mean - 10) <= halfWidth(parts)!;
    });
    assert.ok(hits > 0.987 && hits < 0.998, String(hits));
  });

  it('holds nearly as often where neighbouring parts are correlated', () => {
    const hits = trials(4000, (random) => {
      let state = normal(random) / Math.sqrt(1 - 0.3 ** 2);
      const parts = Array.from({ length: 20 }, () => {
        state = 0.3 * state + normal(random);
        return { amount: 10 + state, of: 1 };
      });
      const mean = parts.reduce((sum, { amount }) => sum + amount, 0) / 20;
      return Math.abs(mean - 10) <= halfWidth(parts)!;
    });
    assert.ok(hits > 0.965, String(hits));
  });

  it('holds for percentiles of few samples a part, too', () => {
    const truths = { med: 100, 'p(90)': 100 * Math.exp(0.4 * 1.2816), 'p(95)': 100 * Math.exp(0.4 * 1.6449) };
    const hits = { med: 0, 'p(90)': 0, 'p(95)': 0 };
    trials(1000, (random) => {
      const { histogram, parts } = sectioned(random, 20, 20);
      const values = {
        med: histogram.percentile(50)!,
        'p(90)': histogram.percentile(90)!,
        'p(95)': histogram.percentile(95)!,
      };
      const bounds = boundsOf({ histogram, parts }, values);
      for (const key of ['med', 'p(90)', 'p(95)'] as const) {
        const [low, high] = bounds[key] ?? [0, Number.POSITIVE_INFINITY];
        if (low <= truths[key] && truths[key] <= high) hits[key] += 1;
      }
      return true;
    });
    for (const [key, count] of Object.entries(hits)) assert.ok(count > 975, `${key}: ${count}`);
  });

  it('is wider where the level of latencies moves from part to part', () => {
    const random = randomSource(3);
    const widthOf = (level?: () => number) => {
      const { histogram, parts } = sectioned(random, 20, 100, level);
      const [low, high] = boundsOf({ histogram, parts }, { med: histogram.percentile(50)! }).med!;
      return high - low;
    };
    assert.ok(widthOf(() => 1 + 0.3 * random()) > 1.5 * widthOf());
  });

  it('has no bounds for a percentile beyond which no sample lies', () => {
    const { histogram, parts } = sectioned(randomSource(5), 10, 10);
    const bounds = boundsOf({ histogram, parts }, { avg: histogram.mean!, 'p(99)': histogram.percentile(99)!, max: 1 });
    assert.deepEqual(Object.keys(bounds), ['avg']);
    assert.equal(percentileBounds(histogram, 0.99, 100), undefined);
    assert.ok(percentileBounds(histogram, 0.5, 100));
  });

  it('has no narrow bounds for a percentile that is the largest sample', () => {
    for (const each of [1, 2, 6]) {
      const { histogram, parts } = sectioned(randomSource(each), 10, each);
      const values = {
        'p(95)': histogram.percentile(95)!,
        'p(99)': histogram.percentile(99)!,
        'p(99.9)': histogram.max,
      };
      assert.deepEqual(boundsOf({ histogram, parts }, values), {}, `${10 * each} samples`);
    }
  });

  it('bounds a percentile by the ranks of samples, as tables of order statistics have it', () => {
    // 99 % intervals of the median of n samples: [rank, rank], as in Conover, Practical Nonparametric Statistics.
    for (const [n, low, high] of [
      [11, 1, 11],
      [20, 4, 17],
      [100, 37, 64],
    ] as const) {
      const [from, to] = quantileShares(0.5, n)!;
      assert.deepEqual([Math.ceil(from * n), Math.ceil(to * n)], [low, high], String(n));
    }
    assert.equal(quantileShares(0.5, 10), undefined);
    assert.equal(quantileShares(0.95, 129), undefined);
    assert.equal(Math.ceil(quantileShares(0.95, 130)![1] * 130), 130);
    assert.deepEqual(quantileShares(0.99, 661), undefined);
    const [from, to] = quantileShares(0.99, 1e6)!;
    assert.ok(Math.abs(from - 0.98974) < 1e-4 && Math.abs(to - 0.99026) < 1e-4, `${from} ${to}`);
  });

  it('in a share is Wilson’s, and less where failures come in bursts', () => {
    const rounded = (bounds = shareBounds(0, 0)) => bounds?.map((bound) => Number(bound.toFixed(4)));
    assert.equal(shareBounds(0, 0), undefined);
    assert.deepEqual(rounded(shareBounds(0, 100)), [0, 0.0622]);
    assert.deepEqual(rounded(shareBounds(100, 100)), [0.9378, 1]);
    assert.deepEqual(rounded(shareBounds(10, 100)), [0.046, 0.2038]);
    const even = Array.from({ length: 10 }, () => ({ amount: 1, of: 10 }));
    assert.deepEqual(rounded(shareBounds(10, 100, even)), [0.046, 0.2038]);
    const burst = even.map((part, index) => ({ ...part, amount: index === 4 ? 10 : 0 }));
    const [, high = 0] = rounded(shareBounds(10, 100, burst)) ?? [];
    assert.ok(high > 0.4, String(high));
  });
});
