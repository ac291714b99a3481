import type { Aggregator } from './aggregator.js';
import type { MetricInfo } from './catalogue.js';
import type { Phase, Series, Tags, Trend } from './series.js';
import type { Values } from './snapshot.js';
import { percentOf, samplesNeeded } from './thresholds.js';
import { secondsOf, type Window } from './window.js';

/** A part of the run that figures are of. */
export interface View {
  readonly window: Window;
  readonly phases: readonly Phase[];
}

/** Whole run and steady state. Undefined where the load never reached it. */
export interface Views {
  readonly whole: View;
  readonly steady: View | undefined;
}

/** Views of a run with this steady state, so far. `elapsed` is in milliseconds. */
export function viewsOf(steady: Window, elapsed: number): Views {
  const window = { from: steady.from, to: Math.min(steady.to, elapsed) };
  return {
    whole: { window: { from: 0, to: elapsed }, phases: ['steady', 'outside'] },
    steady: window.to > window.from ? { window, phases: ['steady'] } : undefined,
  };
}

/** The percentiles in every summary. */
const PERCENTILES = [75, 90, 95, 99, 99.9];

/** Values of a metric in a view, with k6's keys. Undefined without a sample. */
export function valuesOf(
  aggregator: Aggregator,
  metric: string,
  info: MetricInfo,
  view: View,
  selector?: Tags,
): Values | undefined {
  if (info.derived) return { value: derivedValue(aggregator, metric, view, selector) };
  const series = aggregator.merged(metric, view.phases, selector);
  return series && seriesValues(series, info, secondsOf(view.window));
}

/** Values of one series over `seconds`. */
function seriesValues(series: Series, info: MetricInfo, seconds: number): Values {
  switch (series.kind) {
    case 'counter':
      return { count: series.sum, rate: perSecond(series.sum, seconds) };
    case 'rate':
      return { rate: series.passes / series.total, passes: series.passes, fails: series.total - series.passes };
    case 'gauge':
      return { value: series.value, min: series.min, max: series.max };
    case 'trend': {
      const distribution = trendValues(series);
      const { sum, count } = series.histogram;
      return info.tally
        ? { count: sum, rate: perSecond(sum, seconds), samples: count, ...distribution }
        : { count, ...distribution };
    }
  }
}

function trendValues({ histogram }: Trend): Values {
  const values: Record<string, number> = {
    avg: histogram.mean ?? 0,
    min: histogram.min,
    med: histogram.percentile(50) ?? 0,
    max: histogram.max,
    stddev: histogram.deviation ?? 0,
  };
  for (const p of PERCENTILES) values[`p(${p})`] = histogram.percentile(p) ?? 0;
  return values;
}

/** The percentiles of a series that have too few samples behind them. */
export function unboundedOf(series: Series | undefined): string[] {
  if (series?.kind !== 'trend') return [];
  const { count } = series.histogram;
  const unbounded = PERCENTILES.filter((p) => count < samplesNeeded(p)).map((p) => `p(${p})`);
  return count < samplesNeeded(50) ? ['med', ...unbounded] : unbounded;
}

/** Aggregation of a metric in a view, with its number of samples. Undefined without a sample. */
export function aggregate(
  aggregator: Aggregator,
  metric: string,
  info: MetricInfo,
  aggregation: string,
  view: View,
  selector?: Tags,
): { readonly value: number; readonly samples: number } | undefined {
  if (info.derived) {
    const isMeasured = flowsOf(metric).some((flow) => aggregator.merged(flow, view.phases, selector) !== undefined);
    return isMeasured ? { value: derivedValue(aggregator, metric, view, selector), samples: 1 } : undefined;
  }
  const series = aggregator.merged(metric, view.phases, selector);
  if (!series) return undefined;
  const percent = aggregation.startsWith('p(') ? percentOf(aggregation) : undefined;
  const value =
    series.kind === 'trend' && percent !== undefined
      ? series.histogram.percentile(percent)
      : seriesValues(series, info, secondsOf(view.window))[aggregation];
  if (value === undefined) return undefined;
  return { value, samples: samplesOf(series) };
}

function samplesOf(series: Series): number {
  if (series.kind === 'trend') return series.histogram.count;
  return series.kind === 'rate' ? series.total : 1;
}

/** Counters that a derived metric is computed from. */
function flowsOf(metric: string): readonly string[] {
  if (metric === 'llm_concurrency') return ['flow_in_flight_ms'];
  if (metric === 'llm_total_tokens_per_second') return ['flow_output_tokens', 'flow_input_tokens'];
  if (metric === 'llm_output_tokens_per_second') return ['flow_output_tokens'];
  if (metric === 'llm_output_characters_per_second') return ['flow_output_characters'];
  return ['flow_requests'];
}

/** Derived rates over a window. What arrived or ended well in it, over its length. */
function derivedValue(aggregator: Aggregator, metric: string, view: View, selector?: Tags): number {
  const seconds = secondsOf(view.window);
  const flow = (name: string) => perSecond(aggregator.total(name, view.phases, selector), seconds);
  switch (metric) {
    case 'llm_output_tokens_per_second':
      return flow('flow_output_tokens');
    case 'llm_total_tokens_per_second':
      return flow('flow_output_tokens') + flow('flow_input_tokens');
    case 'llm_output_characters_per_second':
      return flow('flow_output_characters');
    case 'llm_requests_per_second':
      return flow('flow_requests');
    case 'llm_requests_per_minute':
      return 60 * flow('flow_requests');
    case 'llm_concurrency':
      return flow('flow_in_flight_ms') / 1000;
    default:
      throw new Error(`no derived metric is called ${metric}`);
  }
}

function perSecond(amount: number, seconds: number): number {
  return seconds > 0 ? amount / seconds : 0;
}
