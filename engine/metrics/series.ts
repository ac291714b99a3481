import type { Contains, MetricInfo, MetricKind } from './catalogue.js';
import { Histogram } from './histogram.js';
import type { HistogramDelta } from './histogram-delta.js';

/** Names and values that tell samples of one metric apart. */
export type Tags = Readonly<Record<string, string>>;

/** Phase of a sample, by the start of its request or iteration. */
export type Phase = 'steady' | 'outside';

/** Identity of one series. */
export interface SeriesKey<Of = Phase> {
  readonly metric: string;
  readonly kind: MetricKind;
  readonly contains: Contains;
  readonly tags: Tags;
  readonly phase: Of;
}

/** Identity of a reported series. `live` ones count in their interval only. */
export type ReportedKey = SeriesKey<Phase | 'live'>;

/** Change of a series since the last delta. Plain data. */
export type SeriesChange =
  | { readonly kind: 'counter'; readonly sum: number }
  | { readonly kind: 'rate'; readonly passes: number; readonly total: number }
  | { readonly kind: 'gauge'; readonly value: number; readonly min: number; readonly max: number }
  | { readonly kind: 'trend'; readonly histogram: HistogramDelta };

/** Same series, same text; other series, other text. `tags` as `tagsText` gives them. */
export function seriesText(metric: string, tags: string, phase: Phase): string {
  return `${phase} ${metric} ${tags}`;
}

/** Unique text of tags, in any order of keys. Each part is preceded by its length. */
export function tagsText(tags: Tags): string {
  let text = '';
  for (const key of Object.keys(tags).sort()) {
    const value = tags[key] ?? '';
    text += `${key.length}:${key}${value.length}:${value}`;
  }
  return text;
}

/** A sum of amounts. */
export class Counter {
  readonly kind = 'counter';
  sum = 0;

  add(amount: number): void {
    this.sum += amount;
  }

  drain(): SeriesChange | undefined {
    if (this.sum === 0) return undefined;
    const { sum } = this;
    this.sum = 0;
    return { kind: 'counter', sum };
  }
}

/** Share of true values, as counts. */
export class Rate {
  readonly kind = 'rate';
  passes = 0;
  total = 0;

  add(passed: boolean): void {
    this.total += 1;
    if (passed) this.passes += 1;
  }

  /** Adds a part of an amount, such as of a request's tokens. */
  addShare(passes: number, total: number): void {
    this.passes += passes;
    this.total += total;
  }

  drain(): SeriesChange | undefined {
    if (this.total === 0) return undefined;
    const { passes, total } = this;
    this.passes = 0;
    this.total = 0;
    return { kind: 'rate', passes, total };
  }
}

/** The last value, with the lowest and highest ever. */
export class Gauge {
  readonly kind = 'gauge';
  value = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  #changed = false;

  set(value: number): void {
    this.value = value;
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
    this.#changed = true;
  }

  drain(): SeriesChange | undefined {
    if (!this.#changed) return undefined;
    this.#changed = false;
    return { kind: 'gauge', value: this.value, min: this.min, max: this.max };
  }
}

/** A distribution. */
export class Trend {
  readonly kind = 'trend';
  readonly histogram: Histogram;

  constructor(contains: Contains) {
    this.histogram = new Histogram(contains);
  }

  add(value: number, times = 1): boolean {
    return this.histogram.record(value, times);
  }

  drain(): SeriesChange | undefined {
    return this.histogram.count === 0 ? undefined : { kind: 'trend', histogram: this.histogram.drain() };
  }
}

export type Series = Counter | Rate | Gauge | Trend;

/** A series and what it is of. */
export interface KeyedSeries {
  readonly key: SeriesKey;
  readonly series: Series;
}

/** An empty series of a metric. */
export function openSeries(info: Pick<MetricInfo, 'kind' | 'contains'>): Series {
  switch (info.kind) {
    case 'counter':
      return new Counter();
    case 'rate':
      return new Rate();
    case 'gauge':
      return new Gauge();
    case 'trend':
      return new Trend(info.contains);
  }
}

/** Adds a change to a series of the same kind. */
export function addChange(series: Series, change: SeriesChange): void {
  if (series.kind === 'counter' && change.kind === 'counter') series.add(change.sum);
  else if (series.kind === 'trend' && change.kind === 'trend') series.histogram.add(change.histogram);
  else if (series.kind === 'rate' && change.kind === 'rate') {
    series.passes += change.passes;
    series.total += change.total;
  } else if (series.kind === 'gauge' && change.kind === 'gauge') {
    series.min = Math.min(series.min, change.min);
    series.max = Math.max(series.max, change.max);
    series.set(change.value);
  }
}

/** Contents of a series, to merge into another. */
export function contentsOf(series: Series): SeriesChange {
  switch (series.kind) {
    case 'counter':
      return { kind: 'counter', sum: series.sum };
    case 'rate':
      return { kind: 'rate', passes: series.passes, total: series.total };
    case 'gauge':
      return { kind: 'gauge', value: series.value, min: series.min, max: series.max };
    case 'trend':
      return { kind: 'trend', histogram: series.histogram.toDelta() };
  }
}

/** True where tags match a selector. Those of failed requests do only where it names `failed`. */
export function selects(selector: Tags, tags: Tags): boolean {
  if (tags.failed !== undefined && selector.failed === undefined) return false;
  // A missing tag equals an empty one: a sample outside of groups has no tag `group`.
  for (const tag in selector) if ((tags[tag] ?? '') !== selector[tag]) return false;
  return true;
}
