import type { Aggregator } from './aggregator.js';
import type { MetricInfo } from './catalogue.js';
import type { Overload } from './overload.js';
import { type PackedSeries, packSeries } from './packed-series.js';
import { contentsOf } from './series.js';
import type { Threshold } from './thresholds.js';

/** Share of a run on several machines. */
export interface ShareRecord {
  /** From 1. */
  readonly number: number;
  readonly of: number;
  /** Identity of script and plan, equal in all shares. */
  readonly fingerprint: string;
  /** Milliseconds that its clock was ahead of the meeting point's. Absent where there was none. */
  readonly clockOffset?: number;
}

/** Submetric of a threshold. `text` is `name{tag:value}` as the user wrote it. */
interface SubmetricRecord extends Pick<Threshold, 'name' | 'selector' | 'window'> {
  readonly text: string;
}

/** Definitions of a run that a merged record needs. */
export interface Definitions {
  /** Metrics of the script, its thresholds, and their submetrics. */
  readonly custom: Readonly<Record<string, MetricInfo>>;
  readonly thresholds: readonly Threshold[];
  readonly submetrics: readonly SubmetricRecord[];
  /** True where a tokenizer counted as well. */
  readonly hasTokenizer: boolean;
}

/** Exact contents of a share's record, for merging. */
export interface SampleRecord extends Definitions {
  readonly series: readonly PackedSeries[];
  readonly warnings: readonly string[];
  readonly overload: Overload;
}

/** Samples of a share for its record. Their size is bounded. */
export function sampleRecord(aggregator: Aggregator, definitions: Definitions): SampleRecord {
  const { warnings, overload } = aggregator;
  const series = aggregator.series.map(({ key, series }) => packSeries(key, contentsOf(series)));
  return { ...definitions, series, warnings, overload };
}
