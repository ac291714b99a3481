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
  /** Percentiles beyond those of every summary. */
  readonly percentiles?: readonly number[];
}

/** Whole run and steady state. Undefined where the load never reached it. */
export interface Views {
  readonly whole: View;
  readonly steady: View | undefined;
}

/** Views of a run with this steady state, so far. `elapsed` is in milliseconds; `stats` are asked for besides. */
export function viewsOf(steady: Window, elapsed: number, stats: readonly string[] = []): Views {
  const window = { from: steady.from, to: Math.min(steady.to, elapsed) };
  const asked = stats.filter((stat) => stat.startsWith('p(')).map(percentOf);
  const more = asked.length > 0 && { percentiles: asked };
  return {
    whole: { window: { from: 0, to: elapsed }, phases: ['steady', 'outside'], ...more },
    steady: window.to > window.from ? { window, phases: ['steady'], ...more } : undefined,
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
  if (info.derived) return { value: derivedValue(aggregator, info.derived, view, selector) };
  const series = aggregator.merged(metric, view.phases, selector);
  return series && seriesValues(series, info, secondsOf(view.window), view.percentiles);
}

/** Values of one series over `seconds`. */
function seriesValues(series: Series, info: MetricInfo, seconds: number, percentiles: readonly number[] = []): Values {
  switch (series.kind) {
    case 'counter':
      return { count: series.sum, rate: perSecond(series.sum, seconds) };
    case 'rate':
      return { rate: series.passes / series.total, passes: series.passes, fails: series.total - series.passes };
    case 'gauge':
      return { value: series.value, min: series.min, max: series.max };
    case 'trend': {
      const distribution = trendValues(series, percentiles);
      const { sum, count } = series.histogram;
      return info.tally
        ? { count: sum, rate: perSecond(sum, seconds), samples: count, ...distribution }
        : { count, ...distribution };
    }
  }
}

function trendValues({ histogram }: Trend, percentiles: readonly number[]): Values {
  const values: Record<string, number> = {
    avg: histogram.mean ?? 0,
    min: histogram.min,
    med: histogram.percentile(50) ?? 0,
    max: histogram.max,
    stddev: histogram.deviation ?? 0,
  };
  for (const p of [...PERCENTILES, ...percentiles]) values[`p(${p})`] = histogram.percentile(p) ?? 0;
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
    const isMeasured = Object.keys(info.derived).some((flow) => aggregator.merged(flow, view.phases, selector));
    return isMeasured ? { value: derivedValue(aggregator, info.derived, view, selector), samples: 1 } : undefined;
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

/** Weighted sum of the rates of flows over a window. */
function derivedValue(
  aggregator: Aggregator,
  weights: Readonly<Record<string, number>>,
  { window, phases }: View,
  selector?: Tags,
): number {
  const seconds = secondsOf(window);
  return Object.entries(weights).reduce(
    (sum, [flow, weight]) => sum + weight * perSecond(aggregator.total(flow, phases, selector), seconds),
    0,
  );
}

function perSecond(amount: number, seconds: number): number {
  return seconds > 0 ? amount / seconds : 0;
}
