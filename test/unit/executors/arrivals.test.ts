import assert from 'node:assert/strict';
import fc from 'fast-check';
import { unitGaps } from '../../../engine/executors/arrivals.js';
import type { Arrivals, OpenLoad } from '../../../engine/executors/load.js';
import type { RateLeg } from '../../../engine/executors/rate.js';
import { allArrivals, dueAt, openLoad } from './open-loads.js';

/** Stages from a first rate on, as duration and target. */
function legsOf(startRate: number, ...stages: readonly (readonly [duration: number, target: number])[]): RateLeg[] {
  return stages.map(([duration, to], index) => ({ duration, from: stages[index - 1]?.[1] ?? startRate, to }));
}

function rampOf(startRate: number, ...stages: readonly (readonly [duration: number, target: number])[]): OpenLoad {
  const legs = legsOf(startRate, ...stages).filter(({ duration }) => duration > 0);
  return openLoad({ beginsAtOnce: false, legs });
}

function near(found: readonly number[], expected: readonly number[]): void {
  assert.equal(found.length, expected.length, `${found.length} arrivals, expected ${expected.length}`);
  for (const [i, at] of expected.entries()) assert.ok(Math.abs(found[i]! - at) < 1e-6, `${found[i]}, expected ${at}`);
}

describe('evenly spaced arrivals', () => {
  it('at a constant rate begin with the load and never drift', () => {
    near(dueAt(openLoad({ legs: legsOf(4, [1000, 4]) })), [0, 250, 500, 750]);
    const day = openLoad({ legs: legsOf(3, [86_400_000, 3]) });
    const last = allArrivals(day).at(-1);
    assert.equal(last?.number, 3 * 86_400 - 1);
    assert.ok(Math.abs(last.at - (86_400_000 - 1000 / 3)) < 1e-6);
  });

  it('may be counted in other units of time', () => {
    near(dueAt(openLoad({ timeUnit: 60_000, legs: legsOf(6, [30_000, 6]) })), [0, 10_000, 20_000]);
    near(dueAt(openLoad({ timeUnit: 100, legs: legsOf(1, [350, 1]) })), [0, 100, 200, 300]);
  });

  it('of a ramping rate come where the area under it reaches whole numbers', () => {
    near(dueAt(rampOf(10, [500, 10])), [100, 200, 300, 400, 500]);
    // From 0 to 2 a second in two seconds: n = t² / 2.
    near(dueAt(rampOf(0, [2000, 2])), [Math.sqrt(2) * 1000, 2000]);
    near(dueAt(rampOf(2, [2000, 0])), [2000 - Math.sqrt(2) * 1000, 2000]);
  });

  it("carry a stage's remainder into the next, and jump at stages without length", () => {
    // 0.5 + 0.5 in two stages make the first arrival.
    near(dueAt(rampOf(1, [500, 1], [500, 1])), [1000]);
    near(dueAt(rampOf(1, [500, 1], [0, 10], [100, 10])), [550]);
    near(dueAt(rampOf(5, [0, 0], [1000, 0], [0, 2], [1000, 2])), [1500, 2000]);
  });

  const rates = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.double({ min: 0, max: 50, noNaN: true }));
  const stages = fc.array(fc.tuple(fc.constantFrom(0, 1, 70, 1000, 3333), rates), { minLength: 1, maxLength: 6 });

  it('are as many as the area under the rate, in ascending order within the duration', () => {
    const property = fc.property(rates, stages, fc.boolean(), (startRate, legs, beginsAtOnce) => {
      const load = { ...rampOf(startRate, ...legs), beginsAtOnce };
      const area = load.legs.reduce((sum, { duration, from, to }) => sum + ((from + to) / 2) * duration, 0) / 1000;
      const found = allArrivals(load);
      const expected = beginsAtOnce ? Math.ceil(area - 1e-9) : Math.floor(area + 1e-9);
      assert.equal(found.length, Math.max(0, expected));
      for (const [i, { number, at }] of found.entries()) {
        assert.equal(number, i);
        assert.ok(at >= (found[i - 1]?.at ?? 0) && at <= load.duration, `${at}`);
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('lie where the area under the rate equals their number', () => {
    const property = fc.property(rates, stages, (startRate, legs) => {
      const load = rampOf(startRate, ...legs);
      for (const { number, at } of allArrivals(load)) {
        let area = 0;
        let startsAt = 0;
        for (const { duration, from, to } of load.legs) {
          const part = Math.min(Math.max(0, at - startsAt), duration);
          area += (part * (from + (from + ((to - from) * part) / duration))) / 2000;
          startsAt += duration;
        }
        assert.ok(Math.abs(area - (number + 1)) < 1e-4, `arrival ${number} at ${at}: ${area}`);
      }
    });
    fc.assert(property, { numRuns: 200 });
  });

  for (const [rate, duration] of [
    [7, 3000],
    [3, 10_000],
    [0.1, 30_000],
    [33, 1000],
    [1000 / 7, 7000],
  ] as const) {
    it(`are exactly rate × duration: ${rate}/s for ${duration} ms`, () => {
      const expected = Math.round((rate * duration) / 1000);
      assert.equal(dueAt(openLoad({ legs: legsOf(rate, [duration, rate]) })).length, expected);
      assert.equal(dueAt(rampOf(rate, [duration, rate])).length, expected);
    });
  }
});

describe('arrivals at random', () => {
  /** Mean and squared coefficient of variation of the gaps. */
  function momentsOf(arrivals: Exclude<Arrivals, 'uniform'>, count: number) {
    const gap = unitGaps(arrivals, 42);
    const gaps = Array.from({ length: count }, gap);
    const mean = gaps.reduce((sum, value) => sum + value, 0) / count;
    const variance = gaps.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
    assert.ok(gaps.every((value) => value >= 0 && Number.isFinite(value)));
    return { mean, variation: variance / mean ** 2 };
  }

  for (const [name, arrivals, variation] of [
    ['poisson', 'poisson', 1],
    ['gamma of shape 0.2', { gamma: 0.2 }, 5],
    ['gamma of shape 0.5', { gamma: 0.5 }, 2],
    ['gamma of shape 1, which is poisson', { gamma: 1 }, 1],
    ['gamma of shape 4', { gamma: 4 }, 0.25],
    ['gamma of shape 100', { gamma: 100 }, 0.01],
  ] as const) {
    it(`have gaps of the asked mean and burstiness: ${name}`, () => {
      const found = momentsOf(arrivals, 200_000);
      assert.ok(Math.abs(found.mean - 1) < 0.015, `mean ${found.mean}`);
      assert.ok(Math.abs(found.variation / variation - 1) < 0.05, `variation ${found.variation}`);
    });
  }

  it('are Poisson-distributed in number: the variance of the counts is their mean', () => {
    const counts = new Array<number>(4000).fill(0);
    for (const at of dueAt(openLoad({ arrivals: 'poisson', legs: legsOf(5, [4_000_000, 5]) }), 7)) {
      counts[Math.floor(at / 1000)]! += 1;
    }
    const mean = counts.reduce((sum, n) => sum + n, 0) / counts.length;
    const variance = counts.reduce((sum, n) => sum + (n - mean) ** 2, 0) / counts.length;
    assert.ok(Math.abs(mean - 5) < 0.15, `mean ${mean}`);
    assert.ok(Math.abs(variance / mean - 1) < 0.1, `variance ${variance}`);
  });

  it('follow a rate that ramps', () => {
    // From 0 to 100 a second: a quarter of the arrivals come in the first half.
    const load = openLoad({ arrivals: 'poisson', beginsAtOnce: false, legs: legsOf(0, [200_000, 100]) });
    const found = dueAt(load, 3);
    assert.ok(Math.abs(found.length - 10_000) < 400, `${found.length}`);
    const early = found.filter((at) => at < 100_000).length;
    assert.ok(Math.abs(early / found.length - 0.25) < 0.02, `${early} of ${found.length}`);
  });

  it('depend on the seed, and on nothing else', () => {
    for (const arrivals of ['poisson', { gamma: 0.7 }] as const) {
      const load = openLoad({ arrivals });
      assert.deepEqual(dueAt(load, 5), dueAt(load, 5));
      assert.notDeepEqual(dueAt(load, 5), dueAt(load, 6));
    }
  });
});

describe('the shares of arrivals', () => {
  const loads = fc.record({
    arrivals: fc.constantFrom<Arrivals>('uniform', 'poisson', { gamma: 0.5 }),
    plannedVus: fc.integer({ min: 1, max: 12 }),
    rate: fc.integer({ min: 1, max: 40 }),
  });

  it('have every arrival once, at one instant, for any number of workers', () => {
    const property = fc.property(loads, fc.integer({ min: 1, max: 8 }), ({ arrivals, plannedVus, rate }, count) => {
      const load = openLoad({ arrivals, plannedVus, legs: legsOf(0, [3000, rate], [3000, rate]) });
      const shares = Array.from({ length: count }, (_, index) => allArrivals(load, { index, count }, 9));
      const union = shares.flat().sort((a, b) => a.number - b.number);
      assert.deepEqual(union, allArrivals(load, undefined, 9));
      for (const share of shares)
        assert.deepEqual(
          share,
          [...share].sort((a, b) => a.at - b.at),
        );
    });
    fc.assert(property, { numRuns: 150 });
  });

  it('are in proportion to the planned users, and none for a worker without any', () => {
    const load = openLoad({ plannedVus: 3, legs: legsOf(30, [10_000, 30]) });
    const counts = Array.from({ length: 5 }, (_, index) => allArrivals(load, { index, count: 5 }).length);
    assert.deepEqual(counts, [100, 100, 100, 0, 0]);
    const two = Array.from({ length: 2 }, (_, index) => allArrivals(load, { index, count: 2 }).length);
    assert.deepEqual(two, [200, 100]);
  });
});
