import type { Histogram } from '../../engine/metrics/histogram.js';
import type { Tags } from '../../engine/metrics/series.js';

/** Unit of exported values, as in UCUM. `ratio` is a share of 0 to 1; empty is a plain number. */
export type ExportedUnit = 'ms' | 's' | 'By' | 'W' | 'J' | 'Hz' | 'Cel' | 'ratio' | '';

/** Parts common to all exported metrics. */
interface Described {
  /** Name in the catalogue. */
  readonly name: string;
  readonly unit: ExportedUnit;
  /** Definition, as plain text. */
  readonly help: string;
}

/** Metric with a number for each set of labels. Counters only grow during a run. */
export interface NumberMetric extends Described {
  readonly kind: 'counter' | 'gauge';
  readonly points: readonly { readonly labels: Tags; readonly value: number }[];
}

/** Metric with a distribution for each set of labels. */
export interface HistogramMetric extends Described {
  readonly kind: 'histogram';
  readonly points: readonly { readonly labels: Tags; readonly value: Histogram }[];
}

/** Metric for other tools, over the run so far. */
export type ExportedMetric = NumberMetric | HistogramMetric;
