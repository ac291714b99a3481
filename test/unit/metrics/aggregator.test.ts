import assert from 'node:assert/strict';
import { Aggregator } from '../../../engine/metrics/aggregator.js';
import { BUILT_IN } from '../../../engine/metrics/catalogue.js';
import { Recorder } from '../../../engine/metrics/recorder.js';
import type { Phase, Series } from '../../../engine/metrics/series.js';
import { deltaOf, times } from './deltas.js';

const BOTH: readonly Phase[] = ['steady', 'outside'];

/** A aggregator of what one worker has recorded. */
function aggregatorOf(record: (recorder: Recorder) => void): Aggregator {
  const recorder = new Recorder(0, 0, { from: 1000, to: 2000 });
  record(recorder);
  const aggregator = new Aggregator();
  aggregator.apply(structuredClone(recorder.flush(1000, [])));
  return aggregator;
}

function countOf(series: Series | undefined): number | undefined {
  return series?.kind === 'trend' ? series.histogram.count : undefined;
}

describe('the aggregator', () => {
  const trends = aggregatorOf((recorder) => {
    recorder.trend('llm_ttft', { scenario: 'a', name: 'x' }, 'steady').add(10, 1);
    recorder.trend('llm_ttft', { scenario: 'a', name: 'y' }, 'steady').add(20, 2);
    recorder.trend('llm_ttft', { scenario: 'b', name: 'x' }, 'outside').add(30, 4);
    recorder.trend('llm_ttft', { scenario: 'a', name: 'x', failed: 'true' }, 'steady').add(40, 8);
    recorder.trend('llm_tpot', { scenario: 'a', name: 'x' }, 'steady').add(50, 16);
  });

  const selections: readonly (readonly [phases: readonly Phase[], selector: Record<string, string>, count: number])[] =
    [
      [BOTH, {}, 7],
      [['steady'], {}, 3],
      [['outside'], {}, 4],
      [BOTH, { scenario: 'a' }, 3],
      [BOTH, { name: 'x' }, 5],
      [BOTH, { scenario: 'a', name: 'x' }, 1],
      [BOTH, { failed: 'true' }, 8],
      [BOTH, { failed: 'true', name: 'x' }, 8],
    ];
  for (const [phases, selector, count] of selections) {
    it(`finds ${count} samples of ${JSON.stringify(selector)} in ${phases}`, () => {
      assert.equal(countOf(trends.merged('llm_ttft', phases, selector)), count);
    });
  }

  it('finds nothing where no series has the tags', () => {
    for (const selector of [{ name: 'z' }, { failed: 'false' }, { color: 'red' }, { name: '' }]) {
      assert.equal(trends.merged('llm_ttft', BOTH, selector), undefined);
    }
    assert.equal(trends.merged('llm_e2e', BOTH), undefined);
    assert.equal(trends.total('llm_requests', BOTH), 0);
  });

  it('does not change when it merges for a look', () => {
    for (let i = 0; i < 3; i += 1) assert.equal(countOf(trends.merged('llm_ttft', BOTH)), 7);
  });

  it('splits a metric by tags, without what failed requests had given', () => {
    assert.deepEqual(trends.splits('llm_ttft', ['scenario', 'name']), [
      { scenario: 'a', name: 'x' },
      { scenario: 'a', name: 'y' },
      { scenario: 'b', name: 'x' },
    ]);
    assert.deepEqual(trends.splits('llm_ttft', ['scenario']), [{ scenario: 'a' }, { scenario: 'b' }]);
    assert.deepEqual(trends.splits('llm_e2e', ['scenario']), []);
  });

  it('knows the metrics that have samples, the user’s among them, and hides what is only there to be derived from', () => {
    const aggregator = aggregatorOf((recorder) => {
      recorder.counter('iterations', {}, 'steady').add(1);
      recorder.counter('flow_requests', {}, 'steady').add(1);
      recorder.trend('llm_ttft', {}, 'steady');
      for (const name of ['mine', 'constructor', 'toString']) {
        const series = recorder.series(name, { kind: 'counter', contains: 'data' }, {}, 'steady');
        if (series.kind === 'counter') series.add(1);
      }
    });
    const user = { kind: 'counter', contains: 'data' };
    assert.deepEqual(
      [...aggregator.metrics()],
      [
        ['iterations', BUILT_IN.iterations],
        ['mine', user],
        ['constructor', user],
        ['toString', user],
      ],
    );
  });

  it('keeps its own gauges and machine delays', () => {
    const aggregator = new Aggregator();
    aggregator.setGauge('vus', 3, 'steady');
    aggregator.setGauge('vus', 5, 'steady');
    aggregator.setGauge('vus', 1, 'outside');
    aggregator.recordMachineDelay({ steady: times(1, 2), outside: times() });
    const steady = aggregator.merged('vus', ['steady']);
    assert.deepEqual(steady?.kind === 'gauge' && [steady.value, steady.min, steady.max], [5, 3, 5]);
    const whole = aggregator.merged('vus', BOTH);
    assert.deepEqual(whole?.kind === 'gauge' && [whole.min, whole.max], [1, 5]);
    assert.equal(countOf(aggregator.merged('machine_loop_delay', ['steady'])), 2);
    assert.equal(aggregator.merged('machine_loop_delay', ['outside']), undefined);
  });

  it('merges failures and errors of all workers, the latest and the most frequent first', () => {
    const failure = {
      scenario: 'a',
      method: 'POST',
      name: 'n',
      kind: 'timeout',
      status: undefined,
      count: 1,
      message: '',
    };
    const error = { scenario: 'a', message: 'm', where: 'f.ts:1:1', stack: '', count: 1 };
    const aggregator = new Aggregator();
    aggregator.apply(
      deltaOf({
        worker: 0,
        failures: [{ ...failure, firstAt: 5, lastAt: 900, message: 'late' }],
        errors: [{ ...error, where: 'rare' }, error],
      }),
    );
    aggregator.apply(
      deltaOf({
        worker: 1,
        failures: [
          { ...failure, firstAt: 3, lastAt: 400, count: 2, message: 'early' },
          { ...failure, kind: 'connect', firstAt: 950, lastAt: 950 },
        ],
        errors: [error],
      }),
    );
    const { failures, errors } = aggregator;
    assert.deepEqual(
      failures.map(({ kind, count, firstAt, lastAt, message }) => [kind, count, firstAt, lastAt, message]),
      [
        ['connect', 1, 950, 950, ''],
        ['timeout', 3, 3, 900, 'late'],
      ],
    );
    assert.deepEqual(
      errors.map(({ where, count }) => [where, count]),
      [
        ['f.ts:1:1', 2],
        ['rare', 1],
      ],
    );
  });

  it('has the intervals and the latest report of each worker', () => {
    const aggregator = new Aggregator();
    const reports = [
      deltaOf({ worker: 0 }),
      deltaOf({ worker: 1, live: { inFlightPeak: 3 } }),
      deltaOf({ worker: 0, from: 1000, to: 2000, live: { inFlightPeak: 4 } }),
    ];
    for (const report of reports) aggregator.apply(report);
    assert.deepEqual(
      aggregator.intervals.points().map(({ concurrencyPeak }) => concurrencyPeak),
      [3, 4],
    );
    assert.deepEqual(aggregator.latest, [reports[2], reports[1]]);
  });

  it('gives each warning once', () => {
    const aggregator = new Aggregator();
    aggregator.apply(deltaOf({ worker: 0, warnings: ['careful', 'slow'] }));
    aggregator.apply(deltaOf({ worker: 1, warnings: ['careful'] }));
    assert.deepEqual(aggregator.warnings, ['careful', 'slow']);
  });

  it('enters set-up samples without an interval or a worker that is at work', () => {
    const recorder = new Recorder(0, 0, { from: 0, to: 0 });
    recorder.counter('data_sent', {}, 'outside').add(10);
    const aggregator = new Aggregator();
    aggregator.add(recorder.flush(500, []));
    assert.equal(aggregator.total('data_sent', BOTH), 10);
    assert.equal(aggregator.intervals.length, 0);
    assert.deepEqual(aggregator.latest, []);
  });
});
