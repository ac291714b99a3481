import assert from 'node:assert/strict';
import { Aggregator } from '../../../engine/metrics/aggregator.js';
import type { MetricInfo } from '../../../engine/metrics/catalogue.js';
import { judge } from '../../../engine/metrics/judge-thresholds.js';
import { Recorder } from '../../../engine/metrics/recorder.js';
import { parseCondition, parseSelector, type Threshold } from '../../../engine/metrics/thresholds.js';
import { type Views, viewsOf } from '../../../engine/metrics/values.js';

const CUSTOM: Readonly<Record<string, MetricInfo>> = { my_delay: { kind: 'trend', contains: 'time' } };
const VIEWS = viewsOf({ from: 2000, to: 6000 }, 10_000);
const NEVER_STEADY = viewsOf({ from: 20_000, to: 60_000 }, 10_000);

const recorder = new Recorder(0, 0, { from: 2000, to: 6000 });
recorder.trend('llm_ttft', { name: 'short' }, 'steady').add(1);
recorder.trend('llm_ttft', { name: 'long' }, 'steady').add(1.5);
recorder.trend('llm_ttft', { name: 'long' }, 'outside').add(9, 20);
recorder.trend('llm_ttft', { name: 'long', failed: 'true' }, 'steady').add(500);
recorder.trend('llm_output_tokens', {}, 'steady').add(30, 4);
recorder.counter('flow_output_tokens', {}, 'steady').add(120);
recorder.counter('dropped_iterations', {}, 'outside').add(3);
const mine = recorder.series('my_delay', CUSTOM.my_delay!, {}, 'steady');
if (mine.kind === 'trend') mine.add(1.25);
const aggregator = new Aggregator();
aggregator.apply(recorder.flush(1000, []));

/** A threshold as it comes out of the options. */
function threshold(metric: string, source: string): Threshold {
  const { name, selector: all } = parseSelector(metric)!;
  const { window, ...selector } = all;
  const condition = parseCondition(source)!;
  const kept = window === 'whole' ? 'whole' : 'steady';
  const rules = { abortOnFail: false, delayAbortEval: 0, allowEmpty: false };
  return { metric, name, selector, window: kept, source, ...condition, ...rules };
}

function judged(metric: string, source: string, views: Views = VIEWS, final = true) {
  const [result] = judge([threshold(metric, source)], aggregator, CUSTOM, views, final);
  const { window, observed, samples, ok } = result!;
  return { window, observed, samples, ok };
}

describe('a threshold', () => {
  it('is of the steady state', () => {
    assert.deepEqual(judged('llm_ttft', 'max<5'), { window: 'steady', observed: 1.5, samples: 2, ok: true });
    assert.deepEqual(judged('llm_ttft', 'max<1.5'), { window: 'steady', observed: 1.5, samples: 2, ok: false });
  });

  it('is of the whole run with {window:whole}', () => {
    const expected = { window: 'whole', observed: 9, samples: 22, ok: false };
    assert.deepEqual(judged('llm_ttft{window:whole}', 'max<5'), expected);
    assert.deepEqual(judged('llm_ttft{name:long,window:whole}', 'max<5'), { ...expected, samples: 21 });
  });

  it('is of the samples with its tags', () => {
    assert.deepEqual(judged('llm_ttft{name:short}', 'avg==1'), {
      window: 'steady',
      observed: 1,
      samples: 1,
      ok: true,
    });
  });

  it('is of failed requests only where it says so', () => {
    assert.equal(judged('llm_ttft{failed:true}', 'max<5').observed, 500);
    assert.equal(judged('llm_ttft{name:long}', 'max<5').observed, 1.5);
  });

  it('fails without a sample at the end, and does not abort before', () => {
    for (const [metric, source] of [
      ['llm_e2e', 'p(95)<500'],
      ['llm_ttft{name:none}', 'avg<500'],
      ['llm_failed', 'rate<0.1'],
      ['checks', 'rate>0.9'],
      ['vus', 'value<9'],
      ['llm_input_tokens', 'count<9'],
      ['my_delay{name:none}', 'avg<9'],
      ['llm_output_tokens_per_second{name:none}', 'value<9'],
      ['llm_total_tokens_per_second{name:none}', 'value<9'],
      ['llm_output_characters_per_second', 'value<9'],
      ['llm_requests_per_minute', 'value<9'],
      ['llm_concurrency', 'value<9'],
    ] as const) {
      const nothing = { window: 'steady', observed: undefined, samples: 0 };
      assert.deepEqual(judged(metric, source), { ...nothing, ok: false }, metric);
      assert.deepEqual(judged(metric, source, VIEWS, false), { ...nothing, ok: true }, metric);
      const [allowed] = judge([{ ...threshold(metric, source), allowEmpty: true }], aggregator, CUSTOM, VIEWS, true);
      assert.equal(allowed?.ok, true, metric);
    }
  });

  it('on a counter without a sample is judged at zero at the end', () => {
    const zero = { window: 'steady', observed: 0, samples: 0 };
    assert.deepEqual(judged('dropped_iterations', 'count<1'), { ...zero, ok: true });
    assert.deepEqual(judged('iterations', 'count>0'), { ...zero, ok: false });
    assert.deepEqual(judged('iterations', 'count>0', VIEWS, false), { ...zero, observed: undefined, ok: true });
  });

  it('can be on both the total and the distribution of tokens', () => {
    assert.deepEqual(judged('llm_output_tokens', 'count>100'), {
      window: 'steady',
      observed: 120,
      samples: 4,
      ok: true,
    });
    assert.equal(judged('llm_output_tokens', 'rate>=30').ok, true);
    assert.equal(judged('llm_output_tokens', 'max<30').ok, false);
    assert.equal(judged('llm_output_tokens', 'p(50)>29').ok, true);
  });

  it('can be on a figure that is derived', () => {
    assert.deepEqual(judged('llm_output_tokens_per_second', 'value>30'), {
      window: 'steady',
      observed: 30,
      samples: 1,
      ok: false,
    });
  });

  it('can be on the user’s own metric', () => {
    assert.deepEqual(judged('my_delay', 'avg<1.25'), { window: 'steady', observed: 1.25, samples: 1, ok: false });
  });

  it('waits for the steady state while the run goes on', () => {
    const expected = { window: 'steady', observed: undefined, samples: 0, ok: true };
    assert.deepEqual(judged('llm_ttft', 'max<5', NEVER_STEADY, false), expected);
  });

  it('is of the whole run where there was no steady state', () => {
    const expected = { window: 'whole', observed: 9, samples: 22, ok: false };
    assert.deepEqual(judged('llm_ttft', 'max<5', NEVER_STEADY, true), expected);
  });

  it('keeps order, text and abortOnFail', () => {
    const thresholds = [
      { ...threshold('llm_ttft', 'max < 5'), abortOnFail: true },
      threshold('llm_ttft{name:short}', 'avg<0'),
    ];
    const found = judge(thresholds, aggregator, CUSTOM, VIEWS, true);
    assert.deepEqual(
      found.map(({ metric, source, ok, abortOnFail }) => [metric, source, ok, abortOnFail]),
      [
        ['llm_ttft', 'max < 5', true, true],
        ['llm_ttft{name:short}', 'avg<0', false, false],
      ],
    );
  });
});
