import assert from 'node:assert/strict';
import { Recorder, SERIES_LIMIT } from '../../../engine/metrics/recorder.js';
import type { Counter } from '../../../engine/metrics/series.js';
import { withUsers } from './deltas.js';

const STEADY = { from: 1000, to: 5000 };
const START = 40_000;

function open(): Recorder {
  return new Recorder(3, START, STEADY);
}

const userCounter = { kind: 'counter', contains: 'default' } as const;

describe('a recorder', () => {
  it('describes a series once, and counts from zero after each flush', () => {
    const recorder = open();
    const tags = { scenario: 'a', name: 'short' };
    recorder.counter('iterations', tags, 'steady').add(2);
    const first = recorder.flush(START + 1000, []);
    const key = { metric: 'iterations', kind: 'counter', contains: 'default', tags, phase: 'steady' };
    const [{ id } = { id: -1 }] = first.series;
    assert.deepEqual(first.series, [{ id, key, change: { kind: 'counter', sum: 2 } }]);
    assert.deepEqual(recorder.flush(START + 2000, []).series, []);
    recorder.counter('iterations', { name: 'short', scenario: 'a' }, 'steady').add(5);
    assert.deepEqual(recorder.flush(START + 3000, []).series, [{ id, change: { kind: 'counter', sum: 5 } }]);
  });

  it('describes a series with its first sample', () => {
    const recorder = open();
    const counter = recorder.counter('iterations', {}, 'steady');
    assert.deepEqual(recorder.flush(START + 1000, []).series, []);
    counter.add(1);
    assert.equal(recorder.flush(START + 2000, []).series[0]?.key?.metric, 'iterations');
  });

  it('gives the same series for the same metric, tags and phase, and another one for any other', () => {
    const recorder = open();
    const series = recorder.trend('llm_ttft', { a: '1' }, 'steady');
    assert.equal(recorder.trend('llm_ttft', { a: '1' }, 'steady'), series);
    const others = [
      recorder.trend('llm_ttft', { a: '1' }, 'outside'),
      recorder.trend('llm_ttft', { a: '2' }, 'steady'),
      recorder.trend('llm_tpot', { a: '1' }, 'steady'),
    ];
    assert.equal(new Set([series, ...others]).size, 4);
  });

  it('keeps rows of requests only where something shows them', () => {
    for (const keepsRows of [true, false]) {
      const recorder = new Recorder(0, START, STEADY, keepsRows);
      recorder.request({ method: 'GET', name: '/', failed: false, time: 5, bytes: 10 }, START + 10);
      assert.equal(recorder.flush(START + 1000, []).rows.length, keepsRows ? 1 : 0);
    }
  });

  it('flushes from where it last flushed', () => {
    const recorder = open();
    const { scenarios } = withUsers(2);
    const first = recorder.flush(START + 1003, scenarios);
    const second = recorder.flush(START + 2001, []);
    assert.deepEqual([first.worker, first.from, first.to, second.from, second.to], [3, 0, 1003, 1003, 2001]);
    assert.deepEqual(first.scenarios, scenarios);
  });

  it('tells which samples began in the steady state', () => {
    const recorder = open();
    const phases = [-500, 999, 1000, 4999, 5000].map((at) => recorder.phaseAt(START + at));
    assert.deepEqual(phases, ['outside', 'outside', 'steady', 'steady', 'outside']);
    assert.equal(recorder.since(START + 250), 250);
  });

  it('takes what begins after a revision by the revised steady state', () => {
    const recorder = open();
    recorder.reviseSteadyState({ from: 2000, to: 6000 });
    const phases = [1000, 2000, 5999, 6000].map((at) => recorder.phaseAt(START + at));
    assert.deepEqual(phases, ['outside', 'steady', 'steady', 'outside']);
    recorder.endSteadyState(START + 3000);
    assert.deepEqual(recorder.steady, { from: 2000, to: 3000 });
  });

  it('ends the steady state where the plan is left, never later than planned', () => {
    const recorder = open();
    recorder.endSteadyState(START + 3000);
    assert.deepEqual(recorder.steady, { from: 1000, to: 3000 });
    assert.equal(recorder.phaseAt(START + 3000), 'outside');
    recorder.endSteadyState(START + 4000);
    assert.equal(recorder.steady.to, 3000);
  });

  it('never reaches a steady state that ended before it began', () => {
    const recorder = open();
    recorder.endSteadyState(START + 500);
    for (const at of [0, 500, 1000, 4000]) assert.equal(recorder.phaseAt(START + at), 'outside');
  });

  it('counts failures and errors by kind, and reports them once', () => {
    const recorder = open();
    const failure = { scenario: 'a', method: 'POST', name: 'n', kind: 'timeout', status: undefined, message: 'first' };
    recorder.failure(failure, START + 100);
    recorder.failure({ ...failure, message: 'second' }, START + 300);
    recorder.error({ scenario: 'a', message: 'x', where: 'f.ts:1:1', stack: '' });
    recorder.warn('careful');
    const { failures, errors, warnings } = recorder.flush(START + 1000, []);
    assert.deepEqual(failures, [{ ...failure, message: 'second', count: 2, firstAt: 100, lastAt: 300 }]);
    assert.deepEqual(errors, [{ scenario: 'a', message: 'x', where: 'f.ts:1:1', stack: '', count: 1 }]);
    assert.deepEqual(warnings, ['careful']);
    const next = recorder.flush(START + 2000, []);
    assert.deepEqual([next.failures, next.errors, next.warnings], [[], [], []]);
  });
});

describe('beyond the limit of series', () => {
  /** A recorder at its limit of series, each with one sample. */
  function full(): Recorder {
    const recorder = open();
    for (let i = 0; i < SERIES_LIMIT; i += 1) add(recorder, { scenario: 'a', name: `name ${i}` });
    return recorder;
  }

  function add(recorder: Recorder, tags: Record<string, string>, phase: 'steady' | 'outside' = 'steady'): void {
    (recorder.series('mine', userCounter, tags, phase) as Counter).add(1);
  }

  it('no series is folded at the limit itself', () => {
    const recorder = full();
    const { series, warnings } = recorder.flush(START + 1000, []);
    assert.equal(series.length, SERIES_LIMIT);
    assert.deepEqual(warnings, []);
  });

  it('checks beyond the limit stay checks', () => {
    const recorder = new Recorder(0, 0, { from: 0, to: 1000 });
    for (let n = 0; n <= SERIES_LIMIT; n += 1)
      recorder.rate('checks', { scenario: 'a', check: `c${n}` }, 'steady').add(true);
    const last = recorder.flush(10, []).series.at(-1);
    assert.deepEqual(last?.key?.tags, { scenario: 'a', check: '(other)', name: '(other)' });
  });

  it('further names are counted as (other), by scenario and failure, with one warning', () => {
    const recorder = full();
    for (let i = 0; i < 50; i += 1) add(recorder, { scenario: 'a', name: `more ${i}` });
    for (let i = 0; i < 7; i += 1) add(recorder, { scenario: 'b', name: `more ${i}`, extra: `${i}` });
    add(recorder, { scenario: 'a', name: 'more 1', failed: 'true' });
    add(recorder, { extra: '1' });
    const { series, warnings } = recorder.flush(START + 1000, []);
    const folded = series.slice(SERIES_LIMIT).map(({ key, change }) => [key?.tags, change]);
    assert.deepEqual(folded, [
      [
        { scenario: 'a', name: '(other)' },
        { kind: 'counter', sum: 50 },
      ],
      [
        { scenario: 'b', name: '(other)' },
        { kind: 'counter', sum: 7 },
      ],
      [
        { scenario: 'a', failed: 'true', name: '(other)' },
        { kind: 'counter', sum: 1 },
      ],
      [{ name: '(other)' }, { kind: 'counter', sum: 1 }],
    ]);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /^more than 1000 series: .*\(other\)/);
  });

  it('known names stay separate, in both phases', () => {
    const recorder = full();
    add(recorder, { scenario: 'a', name: 'name 5' });
    add(recorder, { scenario: 'a', name: 'name 6' }, 'outside');
    const { series, warnings } = recorder.flush(START, []);
    assert.deepEqual(warnings, []);
    assert.equal(series.length, SERIES_LIMIT + 1);
    assert.ok(series.every(({ key }) => key?.tags.name !== '(other)'));
  });
});
