import type { Histogram } from '../../engine/metrics/histogram.js';
import { type Exponential, exponential } from '../exported/exponential.js';
import type { ExportedMetric } from '../exported/metric.js';
import { prometheusLabels, prometheusName } from './names.js';

type Labels = readonly (readonly [name: string, value: string])[];

/** Number with its labels. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** Distribution with its labels, in both forms. */
export interface Distribution {
  readonly labels: Labels;
  readonly count: number;
  readonly sum: number;
  /** Samples up to each of the family's bounds. */
  readonly upTo: readonly number[];
  readonly native: Exponential;
}

interface About {
  /** Name without the `_total` of counters. */
  readonly base: string;
  readonly unit: string;
  readonly help: string;
}

/** Metric as Prometheus has it, in base units. */
export type Family =
  | (About & { readonly kind: 'counter' | 'gauge'; readonly samples: readonly Sample[] })
  | (About & {
      readonly kind: 'histogram';
      /** Upper bounds of the classic buckets, without the infinite one. */
      readonly bounds: readonly number[];
      readonly distributions: readonly Distribution[];
    });

/** Steps of the bounds within a decade: five, evenly spaced. */
const STEPS = [1, 1.6, 2.5, 4, 6.3];

/** Bounds of classic buckets. Times from 0.1 ms to 1000 s, other values from 0.01 to ten million. */
const SECONDS = decades(-4, 3);
const OTHERS = decades(-2, 7);

/** Metrics as families. Of two with one name the first is kept, and `onClash` gets the name of the other. */
export function familiesOf(metrics: readonly ExportedMetric[], onClash: (name: string) => void): readonly Family[] {
  const taken = new Set<string>();
  return metrics.flatMap((metric) => {
    const family = familyOf(metric);
    const names = namesOf(family);
    if (names.some((name) => taken.has(name))) {
      onClash(metric.name);
      return [];
    }
    for (const name of names) taken.add(name);
    return [family];
  });
}

function familyOf(metric: ExportedMetric): Family {
  const { base, unit, factor } = prometheusName(metric);
  const { help } = metric;
  if (metric.kind !== 'histogram') {
    const samples = metric.points.map(({ labels, value }) => ({
      labels: prometheusLabels(labels),
      value: value * factor,
    }));
    return { base, unit, help, kind: metric.kind, samples };
  }
  const bounds = unit === 'seconds' ? SECONDS : OTHERS;
  const distributions = metric.points.map(({ labels, value }) => ({
    labels: prometheusLabels(labels),
    count: value.count,
    sum: value.sum * factor,
    upTo: cumulative(value, bounds, factor),
    native: exponential(value, factor),
  }));
  return { base, unit, help, kind: 'histogram', bounds, distributions };
}

/** Names that a family takes. */
function namesOf({ base, kind }: Family): readonly string[] {
  return kind === 'histogram' ? [base, `${base}_sum`, `${base}_count`, `${base}_bucket`] : [base, `${base}_total`];
}

/** Counts up to each bound. One of our buckets goes whole below a bound by its lowest value. */
function cumulative(histogram: Histogram, bounds: readonly number[], factor: number): readonly number[] {
  const { values, counts } = histogram.buckets();
  let next = 0;
  let sum = 0;
  return bounds.map((bound) => {
    // A product of decimal fractions can be off in its last bit.
    for (; next < values.length && (values[next] ?? 0) * factor <= bound * (1 + 1e-12); next += 1) {
      sum += counts[next] ?? 0;
    }
    return sum;
  });
}

function decades(from: number, to: number): readonly number[] {
  const powers = Array.from({ length: to - from }, (_, index) => from + index);
  return [...powers.flatMap((power) => STEPS.map((step) => Number(`${step}e${power}`))), Number(`1e${to}`)];
}
