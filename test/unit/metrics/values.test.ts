import assert from 'node:assert/strict';
import { Aggregator } from '../../../engine/metrics/aggregator.js';
import { BUILT_IN, type BuiltInName } from '../../../engine/metrics/catalogue.js';
import { Recorder } from '../../../engine/metrics/recorder.js';
import type { Phase, Tags } from '../../../engine/metrics/series.js';
import { aggregate, unboundedOf, valuesOf, viewsOf } from '../../../engine/metrics/values.js';

/** Ten seconds, of which four are steady. */
const VIEWS = viewsOf({ from: 2000, to: 6000 }, 10_000);
const STEADY = VIEWS.steady!;

const recorder = new Recorder(0, 0, STEADY.window);
for (const phase of ['steady', 'outside'] as const satisfies readonly Phase[]) {
  const more = phase === 'steady' ? 1 : 10;
  for (const name of ['x', 'y']) {
    const tags: Tags = { scenario: 'a', name };
    recorder.counter('llm_requests', tags, phase).add(4 * more);
    recorder.rate('llm_failed', tags, phase).add(true);
    for (let i = 0; i < 3 * more; i += 1) recorder.rate('llm_failed', tags, phase).add(false);
    for (const tokens of [10, 20, 30]) recorder.trend('llm_output_tokens', tags, phase).add(tokens, more);
    for (const ms of [1, 1.2, 1.4, 1.6]) recorder.trend('llm_ttft', tags, phase).add(ms, more);
    recorder.counter('flow_output_tokens', tags, phase).add(60 * more);
    recorder.counter('flow_output_characters', tags, phase).add(150 * more);
    recorder.counter('flow_input_tokens', tags, phase).add(100 * more);
    recorder.counter('flow_requests', tags, phase).add(3 * more);
    recorder.counter('flow_in_flight_ms', tags, phase).add(2000 * more);
  }
}
const aggregator = new Aggregator();
aggregator.setGauge('vus', 7, 'steady');
aggregator.apply(recorder.flush(1000, []));

function values(metric: BuiltInName, view = STEADY, selector?: Tags) {
  return valuesOf(aggregator, metric, BUILT_IN[metric], view, selector);
}

describe('the views of a run', () => {
  const table: readonly {
    what: string;
    steady: readonly [number, number];
    elapsed: number;
    expected: readonly [number, number] | undefined;
  }[] = [
    { what: 'have the steady state as planned', steady: [2, 6], elapsed: 10, expected: [2, 6] },
    { what: 'end it where the run is', steady: [2, 6], elapsed: 5, expected: [2, 5] },
    { what: 'have none before it begins', steady: [2, 6], elapsed: 2, expected: undefined },
    { what: 'have none when the plan has none', steady: [0, 0], elapsed: 10, expected: undefined },
    { what: 'have none when it was left before it began', steady: [2, 1], elapsed: 10, expected: undefined },
  ];
  for (const { what, steady, elapsed, expected } of table) {
    it(what, () => {
      const views = viewsOf({ from: steady[0], to: steady[1] }, elapsed);
      assert.deepEqual(views.whole, { window: { from: 0, to: elapsed }, phases: ['steady', 'outside'] });
      const window = expected && { from: expected[0], to: expected[1] };
      assert.deepEqual(views.steady, window && { window, phases: ['steady'] });
    });
  }
});

describe('the values of a metric', () => {
  it('are a count and its rate over the window for a counter', () => {
    assert.deepEqual(values('llm_requests'), { count: 8, rate: 2 });
    assert.deepEqual(values('llm_requests', VIEWS.whole), { count: 88, rate: 8.8 });
    assert.deepEqual(values('llm_requests', STEADY, { name: 'x' }), { count: 4, rate: 1 });
  });

  it('are a share for a rate', () => {
    assert.deepEqual(values('llm_failed'), { rate: 0.25, passes: 2, fails: 6 });
    assert.deepEqual(values('llm_failed', VIEWS.whole), { rate: 4 / 70, passes: 4, fails: 66 });
  });

  it('are the last, lowest and highest for a gauge', () => {
    assert.deepEqual(values('vus'), { value: 7, min: 7, max: 7 });
  });

  it('are a distribution for a trend', () => {
    const { stddev, ...rest } = values('llm_ttft')!;
    assert.deepEqual(rest, {
      count: 8,
      avg: 1.3,
      min: 1,
      med: 1.2,
      max: 1.6,
      'p(75)': 1.4,
      'p(90)': 1.6,
      'p(95)': 1.6,
      'p(99)': 1.6,
      'p(99.9)': 1.6,
    });
    assert.ok(Math.abs(stddev! - Math.sqrt(0.05)) < 1e-9);
  });

  it('are both a total with its rate and a distribution for tokens', () => {
    const found = values('llm_output_tokens')!;
    assert.deepEqual([found.count, found.rate, found.samples], [120, 30, 6]);
    assert.deepEqual([found.avg, found.min, found.max], [20, 10, 30]);
    assert.ok(Math.abs(found.med! - 20) < 0.02);
  });

  const derived: readonly (readonly [BuiltInName, steady: number, whole: number])[] = [
    ['llm_output_tokens_per_second', 30, 132],
    ['llm_total_tokens_per_second', 80, 352],
    ['llm_output_characters_per_second', 75, 330],
    ['llm_requests_per_second', 1.5, 6.6],
    ['llm_requests_per_minute', 90, 396],
    ['llm_concurrency', 1, 4.4],
  ];
  for (const [metric, steady, whole] of derived) {
    it(`are ${steady} in the steady state and ${whole} over the whole run for ${metric}`, () => {
      assert.ok(Math.abs(values(metric)!.value! - steady) < 1e-9);
      assert.ok(Math.abs(values(metric, VIEWS.whole)!.value! - whole) < 1e-9);
      assert.ok(Math.abs(values(metric, STEADY, { name: 'y' })!.value! - steady / 2) < 1e-9);
    });
  }

  it('can be derived in every way that the catalogue knows', () => {
    for (const [name, info] of Object.entries(BUILT_IN)) {
      if (!('derived' in info)) continue;
      assert.equal(valuesOf(new Aggregator(), name, info, VIEWS.whole)?.value, 0, name);
    }
  });

  it('are none without a sample', () => {
    assert.equal(values('llm_e2e'), undefined);
    assert.equal(values('llm_requests', STEADY, { name: 'z' }), undefined);
  });

  it('have no rate in a window without length', () => {
    const empty = { window: { from: 0, to: 0 }, phases: ['steady'] as const };
    assert.deepEqual(values('llm_requests', empty), { count: 8, rate: 0 });
  });
});

describe('an aggregation', () => {
  const table: readonly (readonly [BuiltInName, string, value: number, samples: number])[] = [
    ['llm_requests', 'count', 8, 1],
    ['llm_requests', 'rate', 2, 1],
    ['llm_failed', 'rate', 0.25, 8],
    ['vus', 'value', 7, 1],
    ['llm_ttft', 'avg', 1.3, 8],
    ['llm_ttft', 'med', 1.2, 8],
    ['llm_ttft', 'p(12.5)', 1, 8],
    ['llm_ttft', 'p(60)', 1.4, 8],
    ['llm_ttft', 'p(100)', 1.6, 8],
    ['llm_output_tokens', 'count', 120, 6],
    ['llm_output_tokens', 'rate', 30, 6],
    ['llm_output_tokens', 'max', 30, 6],
    ['llm_requests_per_minute', 'value', 90, 1],
  ];
  for (const [metric, aggregation, value, samples] of table) {
    it(`${aggregation} of ${metric} is ${value}, of ${samples} samples`, () => {
      assert.deepEqual(aggregate(aggregator, metric, BUILT_IN[metric], aggregation, STEADY), { value, samples });
    });
  }

  it('that a metric does not have is none, and neither is one without samples', () => {
    assert.equal(aggregate(aggregator, 'llm_requests', BUILT_IN.llm_requests, 'avg', STEADY), undefined);
    assert.equal(aggregate(aggregator, 'llm_e2e', BUILT_IN.llm_e2e, 'avg', STEADY), undefined);
  });
});

describe('the percentiles with too few samples', () => {
  const table: readonly (readonly [samples: number, unbounded: readonly string[]])[] = [
    [1, ['med', 'p(75)', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)']],
    [11, ['p(75)', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)']],
    [64, ['p(95)', 'p(99)', 'p(99.9)']],
    [129, ['p(95)', 'p(99)', 'p(99.9)']],
    [662, ['p(99.9)']],
    [6636, []],
  ];
  for (const [samples, unbounded] of table) {
    it(`are ${unbounded.join(', ') || 'none'} of ${samples}`, () => {
      const trend = new Recorder(0, 0, STEADY.window).trend('llm_ttft', {}, 'steady');
      trend.add(5, samples);
      assert.deepEqual(unboundedOf(trend), unbounded);
    });
  }

  it('are none where there is no distribution', () => {
    assert.deepEqual(unboundedOf(undefined), []);
    assert.deepEqual(unboundedOf(aggregator.merged('llm_requests', ['steady'])), []);
  });
});
