import { boundsOf, meanWidth, percentileBounds, shareBounds } from '../metrics/confidence.js';
import { Histogram } from '../metrics/histogram.js';
import type { Bounds, MetricSummary, Values } from '../metrics/snapshot.js';
import { percentOf } from '../metrics/thresholds.js';
import type { ComparedMetric } from './compare/compared-run.js';

/** Figure with its bounds at 99 % confidence. */
export interface Estimate {
  readonly value: number;
  readonly bounds: Bounds;
  /** True if the bounds assume independent samples. They may be too narrow then. */
  readonly asIfIndependent: boolean;
}

/**
 * Figure of a metric with its bounds: those of its record. Else, if the record has none over time, those of its
 * distribution with samples taken as independent. Undefined if neither is available.
 */
export function estimateOf(metric: ComparedMetric, key: string): Estimate | undefined {
  const { values, confidence, histogram, type } = metric;
  const value = values[key];
  if (value === undefined) return undefined;
  if (confidence) return confidence[key] && { value, bounds: confidence[key], asIfIndependent: false };
  const bounds =
    type === 'rate' && key === 'rate'
      ? shareBounds(values.passes ?? 0, (values.passes ?? 0) + (values.fails ?? 0))
      : independentBounds(values, key, histogram);
  return bounds && { value, bounds, asIfIndependent: true };
}

function independentBounds(values: Values, key: string, histogram: MetricSummary['histogram']): Bounds | undefined {
  const { avg, stddev, count } = values;
  const samples = values.samples ?? count ?? 0;
  if (key === 'avg' && avg !== undefined && stddev !== undefined && samples > 1) {
    const width = meanWidth(stddev, samples);
    return [Math.max(0, avg - width), avg + width];
  }
  const percent = key === 'med' ? 50 : key.startsWith('p(') ? percentOf(key) : undefined;
  if (percent === undefined || !histogram) return undefined;
  const distribution = { percentile: (p: number) => percentileOf(histogram, p) };
  return percentileBounds(distribution, percent / 100, samples);
}

/** Percentile of a saved distribution. The bucket of the sample of that rank. */
export function percentileOf(
  { values, counts }: NonNullable<MetricSummary['histogram']>,
  percent: number,
): number | undefined {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const rank = Math.max(1, Math.ceil((percent / 100) * all));
  let seen = 0;
  return values.find((_, index) => {
    seen += counts[index] ?? 0;
    return seen >= rank;
  });
}

/** A change's bounds are wider by this factor. MOVER is right on the whole, and up to 2 % of calls are false without it. */
const SAFETY = 1.1;

/**
 * Bounds of b − a from those of each, wider by a tenth. Method: MOVER (Zou and Donner 2008, Construction of confidence
 * limits about effect measures), which for Wilson's shares is Newcombe's method 10.
 */
export function differenceBounds(a: Estimate, b: Estimate): Bounds {
  const difference = b.value - a.value;
  const down = SAFETY * Math.hypot(b.value - b.bounds[0], a.bounds[1] - a.value);
  const up = SAFETY * Math.hypot(b.bounds[1] - b.value, a.value - a.bounds[0]);
  return [difference - down, difference + up];
}

/** Bounds of b / a, from the difference of their logarithms. Undefined where a or b may be zero. */
export function ratioBounds(a: Estimate, b: Estimate): Bounds | undefined {
  if (a.bounds[0] <= 0 || b.bounds[0] <= 0) return undefined;
  const log = ({ value, bounds, ...rest }: Estimate): Estimate => ({
    ...rest,
    value: Math.log(value),
    bounds: [Math.log(bounds[0]), Math.log(bounds[1])],
  });
  const [low, high] = differenceBounds(log(a), log(b));
  return [Math.exp(low), Math.exp(high)];
}

/** Number of consecutive parts of a run where every sample is available. */
const PARTS = 20;

/** Trend of milliseconds from samples per request, in sending order. */
export function trendOfSamples(requests: readonly (readonly number[])[]): ComparedMetric | undefined {
  const histogram = new Histogram('time');
  const each = Math.max(1, Math.ceil(requests.length / PARTS));
  const parts = Array.from({ length: Math.ceil(requests.length / each) }, (_, part) => {
    const own = new Histogram('time');
    for (const sample of requests.slice(part * each, (part + 1) * each).flat()) own.record(sample);
    histogram.add(own.toDelta());
    return own.toDelta();
  });
  if (histogram.count === 0) return undefined;
  const values: Record<string, number> = {
    count: histogram.count,
    avg: histogram.mean ?? 0,
    stddev: histogram.deviation ?? 0,
    min: histogram.min,
    med: histogram.percentile(50) ?? 0,
    max: histogram.max,
  };
  for (const percent of [75, 90, 95, 99]) values[`p(${percent})`] = histogram.percentile(percent) ?? 0;
  const confidence = boundsOf({ histogram, parts }, values);
  return {
    type: 'trend',
    contains: 'time',
    values,
    histogram: histogram.buckets(),
    ...(Object.keys(confidence).length > 0 && { confidence }),
  };
}
