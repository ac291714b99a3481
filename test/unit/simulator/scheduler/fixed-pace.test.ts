import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fixedPace } from '../../../../engine/simulator/scheduler/fixed-pace.js';

const of = (tokens: number) => ({ tokens, promptTokens: 1 });

describe('a fixed pace', () => {
  it('makes token i due at arrival + ttft + i × itl', () => {
    const schedule = fixedPace();
    schedule.submit(of(3), 1000, { ttftMs: 50, itlMs: 0.5 });
    assert.equal(schedule.nextEventAt(), 1050);
    const events = schedule.advance(2000).map(({ index, at, last }) => ({ index, at, last }));
    assert.deepEqual(events, [
      { index: 0, at: 1050, last: false },
      { index: 1, at: 1050.5, last: false },
      { index: 2, at: 1051, last: true },
    ]);
    assert.equal(schedule.nextEventAt(), undefined);
  });

  it('does not add up rounding errors', () => {
    const schedule = fixedPace();
    schedule.submit(of(100_001), 0.1, { ttftMs: 0.2, itlMs: 0.1 });
    const last = schedule.advance(Infinity).at(-1);
    assert.equal(last?.at, 0.1 + 0.2 + 100_000 * 0.1);
  });

  it('catches up with everything that is due when it is asked late', () => {
    const schedule = fixedPace();
    schedule.submit(of(100), 0, { ttftMs: 0, itlMs: 1 });
    assert.equal(schedule.advance(9.5).length, 10);
    assert.equal(schedule.nextEventAt(), 10);
  });

  it('does not depend on the number of sequences', () => {
    const sequence = fc.record({
      at: fc.nat({ max: 1000 }),
      ttftMs: fc.nat({ max: 100 }),
      itlMs: fc.nat({ max: 20 }),
      tokens: fc.integer({ min: 1, max: 30 }),
      cancelled: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(sequence, { maxLength: 30 }), (sequences) => {
        const schedule = fixedPace<(typeof sequences)[number] & { promptTokens: number }>();
        const all = sequences.map((each) => ({ ...each, promptTokens: 1 }));
        for (const each of all) schedule.submit(each, each.at, each);
        for (const each of all) if (each.cancelled) schedule.cancel(each);
        const events = schedule.advance(Infinity);
        assert.ok(events.every((event, i) => i === 0 || event.at >= events[i - 1]!.at));
        for (const each of all) {
          const due = Array.from({ length: each.tokens }, (_, i) => each.at + each.ttftMs + i * each.itlMs);
          const own = events.filter((event) => event.sequence === each).map((event) => event.at);
          assert.deepEqual(own, each.cancelled ? [] : due);
        }
      }),
    );
  });
});
