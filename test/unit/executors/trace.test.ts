import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Trace } from '../../../engine/data/trace-file.js';
import { arrivalsOf } from '../../../engine/executors/arrivals.js';
import type { OpenLoad } from '../../../engine/executors/load.js';
import { profileOf } from '../../../engine/executors/load-profile.js';
import { steadyWindow } from '../../../engine/executors/steady-state.js';
import { trace as executor } from '../../../engine/executors/trace.js';
import { allArrivals, openLoad } from './open-loads.js';
import { noTrace } from './ramping.js';

/** A trace whose requests come at these times. */
function traceOf(...at: readonly number[]): Trace {
  const ones = new Float64Array(at.length).fill(1);
  return {
    ...{
      size: at.length,
      at: Float64Array.from(at),
      inputTokens: ones,
      outputTokens: ones,
      blockTokens: 512,
      leftOut: 0,
      guesses: [],
    },
    ...{ hashIds: undefined, hashStarts: undefined },
  };
}

type TraceOptions = Parameters<typeof executor.plan>[0];

function options(given: Partial<TraceOptions> = {}): TraceOptions {
  const common = { exec: 'default', startTime: 0, gracefulStop: 5000, env: {}, tags: {} };
  return { ...common, executor: 'trace', file: 'a.csv', speed: 1, from: 0, preAllocatedVUs: 4, ...given };
}

function planTrace(options: TraceOptions, trace: Trace): OpenLoad {
  return executor.plan(options, () => trace, noTrace);
}

function due(trace: Trace, given: Partial<TraceOptions> = {}): number[] {
  return allArrivals(planTrace(options(given), trace)).map(({ at }) => at);
}

describe('the load of a trace', () => {
  const trace = traceOf(0, 100, 100, 2500, 4000, 9000);

  it('starts all requests at their own times', () => {
    const load = planTrace(options(), trace);
    assert.deepEqual(
      allArrivals(load),
      [0, 100, 100, 2500, 4000, 9000].map((at, number) => ({ number, at })),
    );
    assert.equal(load.duration, 9000);
    assert.equal(planTrace(options(), traceOf(0)).duration, 1000);
  });

  it('is faster by its speed', () => {
    assert.deepEqual(due(trace, { speed: 2 }), [0, 50, 50, 1250, 2000, 4500]);
    assert.deepEqual(due(trace, { speed: 0.5 }).at(-1), 18_000);
    assert.equal(planTrace(options({ speed: 2 }), trace).duration, 4500);
  });

  it('may be played in part, by from and duration', () => {
    assert.deepEqual(due(trace, { from: 100 }), [0, 0, 2400, 3900, 8900]);
    assert.deepEqual(due(trace, { from: 101 }), [2399, 3899, 8899]);
    const part = planTrace(options({ from: 100, duration: 3900 }), trace);
    assert.deepEqual([...(part.due ?? [])], [0, 0, 2400], 'what is due at the end belongs to what follows');
    assert.deepEqual([part.duration, part.trace?.first], [3900, 1]);
    assert.deepEqual(due(trace, { from: 100, duration: 1200, speed: 2 }), [0, 0]);
    assert.deepEqual(due(trace, { duration: 60_000 }).length, 6);
  });

  it('is shared exactly among any number of workers', () => {
    const times = fc.array(fc.nat(20_000), { minLength: 1, maxLength: 60 }).map((at) => at.sort((a, b) => a - b));
    const given = fc.record({
      count: fc.integer({ min: 1, max: 9 }),
      preAllocatedVUs: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(
        times,
        given,
        fc.double({ min: 0.1, max: 50, noNaN: true }),
        (at, { count, preAllocatedVUs }, speed) => {
          const load = planTrace(options({ speed, preAllocatedVUs }), traceOf(...at));
          const shares = Array.from({ length: count }, (_, index) => [...arrivalsOf(load, { index, count }, 1)]);
          const all = shares.flat().sort((a, b) => a.number - b.number);
          assert.deepEqual(
            all.map(({ number }) => number),
            at.map((_, number) => number),
          );
          for (const { number, at: found } of all) {
            assert.ok(Math.abs(found - (at[number] ?? 0) / speed) < 1e-6 && found <= load.duration);
          }
        },
      ),
    );
  });

  it('has a profile that shows its rate, second by second where it is short', () => {
    const { unit, points } = profileOf(planTrace(options(), trace), 500);
    assert.equal(unit, 'iterations/s');
    assert.deepEqual(
      points.filter((_, i) => i % 2 === 0).map(({ at, level }) => [at, level]),
      [3, 0, 1, 0, 1, 0, 0, 0, 1].map((level, second) => [500 + 1000 * second, level]),
    );
    const hours = profileOf(planTrace(options(), traceOf(0, 3_600_000, 7_200_000)), 0).points;
    assert.deepEqual([hours.length, hours.at(-1)?.at], [240, 7_200_000]);
  });

  it('is steady state but for the warm-up', () => {
    const placed = { startTime: 1000, load: planTrace(options(), trace) };
    assert.deepEqual(steadyWindow([placed]), { from: 1000, to: 10_000 });
    assert.deepEqual(steadyWindow([placed], 2000), { from: 3000, to: 10_000 });
    // Beside a rate that is higher than its mean, only where both are.
    const rate = { startTime: 0, load: openLoad({ legs: [{ duration: 5000, from: 10, to: 10 }] }) };
    assert.deepEqual(steadyWindow([placed, rate]), { from: 1000, to: 5000 });
  });

  it('has a description', () => {
    const told = (given: Partial<TraceOptions>) => executor.describe(options(given), planTrace(options(given), trace));
    assert.equal(told({}), '6 requests of a.csv for 9s (4 VUs)');
    assert.equal(
      told({ speed: 2, from: 100, maxVUs: 9 }),
      '5 requests of a.csv from 100ms on at 2 times their speed for 4.45s (4 to 9 VUs)',
    );
  });
});
