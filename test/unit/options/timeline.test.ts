import assert from 'node:assert/strict';
import { Timeline } from '../../../engine/options/timeline.js';
import { planned } from '../script/planned.js';

function plan(scenarios: object, more: object = {}) {
  return planned({ scenarios, ...more }).plan;
}

const constant = (vus: number, duration: string, more: object = {}) => {
  return { executor: 'constant-vus', vus, duration, ...more };
};

describe('the timeline of a run', () => {
  it('equals the plan at first', () => {
    const timeline = new Timeline(plan({ a: constant(5, '10s'), b: constant(9, '5s', { startAfter: 'a' }) }), 2);
    assert.deepEqual([timeline.startOf('a'), timeline.startOf('b'), timeline.endOf('a')], [0, undefined, undefined]);
    assert.deepEqual(timeline.steady, { from: 40_000, to: 45_000 });
    assert.equal(timeline.duration, 45_000);
  });

  it('starts a scenario shortly after the one before it has ended in every worker', () => {
    const timeline = new Timeline(plan({ a: constant(5, '10s'), b: constant(9, '5s', { startAfter: 'a' }) }), 2);
    assert.equal(timeline.over(0, 'a', 10_100), undefined);
    assert.deepEqual(timeline.over(1, 'a', 10_300), {
      starts: [{ scenario: 'b', startTime: 10_450 }],
      steady: { from: 10_450, to: 15_450 },
    });
    assert.deepEqual([timeline.startOf('b'), timeline.endOf('a')], [10_450, 10_300]);
    assert.deepEqual(timeline.steady, { from: 10_450, to: 15_450 });
    assert.equal(timeline.duration, 15_450);
    assert.equal(timeline.over(0, 'b', 16_000), undefined);
    assert.equal(timeline.over(1, 'b', 16_100), undefined);
    assert.equal(timeline.endOf('b'), 16_100);
  });

  it('counts a pause from there, and starts several at once', () => {
    const scenarios = {
      a: constant(5, '10s'),
      b: constant(9, '5s', { startAfter: 'a', startTime: '2s' }),
      c: constant(9, '5s', { startAfter: 'a' }),
      d: constant(9, '5s', { startAfter: 'c' }),
    };
    const timeline = new Timeline(plan(scenarios), 1);
    assert.deepEqual(timeline.over(0, 'a', 10_000)?.starts, [
      { scenario: 'b', startTime: 12_150 },
      { scenario: 'c', startTime: 10_150 },
    ]);
    assert.equal(timeline.startOf('d'), undefined);
  });

  it('takes scenarios of a lost worker for ended', () => {
    const timeline = new Timeline(plan({ a: constant(5, '10s'), b: constant(9, '5s', { startAfter: 'a' }) }), 2);
    timeline.over(0, 'a', 10_000);
    assert.deepEqual(timeline.lost(1, 12_000)?.starts, [{ scenario: 'b', startTime: 12_150 }]);
  });

  it('shortens a steady state that has begun when a scenario ends sooner than it might', () => {
    const scenarios = {
      some: { executor: 'shared-iterations', vus: 10, iterations: 50, maxDuration: '10m' },
      all: constant(5, '1m'),
    };
    const timeline = new Timeline(plan(scenarios), 1);
    assert.deepEqual(timeline.steady, { from: 0, to: 60_000 });
    assert.deepEqual(timeline.over(0, 'some', 7000)?.steady, { from: 0, to: 7000 });
    assert.equal(timeline.duration, 60_000);
  });

  it('does not move a steady state that has begun, but ends it where load is added', () => {
    const scenarios = {
      a: constant(10, '10s'),
      beside: constant(5, '30s'),
      more: constant(12, '30s', { startAfter: 'a' }),
    };
    const timeline = new Timeline(plan(scenarios), 1);
    assert.deepEqual(timeline.steady, { from: 0, to: 10_000 });
    assert.deepEqual(timeline.over(0, 'a', 10_200)?.steady, { from: 0, to: 10_000 });
  });

  it('keeps the warm-up', () => {
    const scenarios = { a: constant(5, '10s'), b: constant(9, '30s', { startAfter: 'a' }) };
    const timeline = new Timeline(plan(scenarios, { warmup: '20s' }), 1);
    assert.deepEqual(timeline.over(0, 'a', 10_000)?.steady, { from: 30_150, to: 40_150 });
  });

  it('ends its steady state where the run is stopped', () => {
    const timeline = new Timeline(plan({ a: constant(5, '10s') }), 1);
    timeline.stop(4000);
    timeline.stop(5000);
    assert.deepEqual(timeline.steady, { from: 0, to: 4000 });
  });

  it('ends a steady state with the first change by hand, and has none where that comes before it', () => {
    const plans = { a: constant(5, '10s', { startTime: '5s' }) };
    const steadyAfter = (change: (timeline: Timeline) => void) => {
      const timeline = new Timeline(plan(plans), 1);
      change(timeline);
      const { from, to } = timeline.steady;
      return to - from;
    };
    assert.equal(
      steadyAfter((timeline) => timeline.leavePlan(7000)),
      2000,
    );
    assert.equal(
      steadyAfter((timeline) => timeline.leavePlan(3000)),
      0,
    );
    assert.equal(
      steadyAfter((timeline) => timeline.pause(8000)),
      3000,
    );
  });

  it('keeps a steady state that begins after a pause, and has none that begins in one', () => {
    const steadyAfter = (end: 'resume' | 'stop', at: number) => {
      const timeline = new Timeline(plan({ a: constant(5, '10s', { startTime: '5s' }) }), 1);
      timeline.pause(3000);
      timeline[end](at);
      return timeline.steady;
    };
    assert.deepEqual(steadyAfter('resume', 4000), { from: 5000, to: 15_000 });
    assert.deepEqual(steadyAfter('resume', 6000), { from: 5000, to: 5000 });
    assert.deepEqual(steadyAfter('stop', 6000), { from: 5000, to: 5000 });
  });
});
