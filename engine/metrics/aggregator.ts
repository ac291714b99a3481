import { findMetric, type MetricInfo } from './catalogue.js';
import type { Delta, ErrorGroup, FailureGroup } from './delta.js';
import { errorGroups, failureGroups } from './groups.js';
import type { HistogramDelta } from './histogram-delta.js';
import { INTERVAL } from './interval-point.js';
import { Intervals, type ReportedDelta } from './intervals.js';
import { RequestRow, RequestRows, type RowDelta } from './locust/request-rows.js';
import { RowHistory } from './locust/row-history.js';
import { type Overload, OverloadWatch } from './overload.js';
import type { ReaderFigures } from './reader-record.js';
import {
  addChange,
  contentsOf,
  type KeyedSeries,
  openSeries,
  type Phase,
  type ReportedKey,
  type Series,
  type SeriesChange,
  type SeriesKey,
  selects,
  seriesText,
  type Tags,
  tagsText,
} from './series.js';
import { type SeriesFigures, SeriesSum } from './series-figures.js';
import { LaneBook } from './session-lanes.js';

/** Selects nothing in particular: every sample of requests that did not fail. */
const EVERYTHING: Tags = {};

/** Part of a run that another machine has aggregated. */
export interface JoinedPart extends Pick<Delta, 'failures' | 'errors' | 'warnings'> {
  readonly overload: Overload;
}

/** Aggregator of a run: deltas of all workers in, series out. */
export class Aggregator {
  readonly intervals: Intervals;
  readonly rows = new RequestRows();
  /** Sum of all rows, under the name that Locust gives it. */
  readonly allRequests = new RequestRow('', 'Aggregated');
  readonly rowHistory: RowHistory<RequestRow>;
  readonly warnings: string[] = [];
  readonly lanes = new LaneBook();
  /** Parts of the run that are missing from these books. */
  readonly missing: string[] = [];
  readonly #series = new Map<string, KeyedSeries>();
  readonly #byMetric = new Map<string, KeyedSeries[]>();
  /** By worker and id. A `live` series has no total. */
  readonly #byId = new Map<string, { readonly key: ReportedKey; readonly series?: Series }>();
  readonly #failures = failureGroups();
  readonly #errors = errorGroups();
  readonly #latest = new Map<number, ReportedDelta>();
  readonly #overload = new OverloadWatch();
  /** Upper bound of the peak of requests in flight. The workers' peaks may not coincide. */
  peakInFlight = 0;

  /** Takes the interval of the workers' reports, in milliseconds. */
  constructor(interval = INTERVAL) {
    this.intervals = new Intervals(interval);
    this.rowHistory = new RowHistory(interval);
  }

  /** Enters what a worker has reported of an interval. */
  apply(delta: Delta): void {
    const reported = { ...delta, live: { ...delta.live, ...this.add(delta) } };
    this.intervals.add(reported);
    this.#enterRows(delta);
    for (const lane of delta.lanes ?? []) this.lanes.add(lane);
    this.#latest.set(delta.worker, reported);
    this.#overload.enter(delta.worker, delta.live.utilization, delta.to - delta.from);
    const inFlight = [...this.#latest.values()].reduce((sum, { live }) => sum + live.inFlightPeak, 0);
    this.peakInFlight = Math.max(this.peakInFlight, inFlight);
  }

  /** Native readers of the workers, as last reported. */
  get readers(): readonly ReaderFigures[] {
    return [...this.#latest.values()].flatMap(({ reader }) => reader ?? []);
  }

  /** Enters samples, of `setup` and `teardown` too. Returns what they add to their interval, where there is one. */
  add(delta: Delta): SeriesFigures {
    const sum = new SeriesSum();
    for (const { id, key, change } of delta.series) {
      const route = `${delta.worker}:${id}`;
      if (key) this.#byId.set(route, isTotal(key) ? this.#open(key) : { key });
      const known = this.#byId.get(route);
      if (!known) continue;
      sum.add(known.key, change);
      if (known.series) addChange(known.series, change);
    }
    this.#enterGroups(delta);
    return sum.figures(delta.live.lateTokens);
  }

  /** All series, with what they are of. */
  get series(): readonly KeyedSeries[] {
    return [...this.#series.values()];
  }

  /** Adds to a series. */
  enter(key: SeriesKey, change: SeriesChange): void {
    addChange(this.#open(key).series, change);
  }

  /** Adds what another machine has aggregated, besides series, rows and intervals. */
  join({ overload, ...groups }: JoinedPart): void {
    this.#enterGroups(groups);
    this.#overload.add(overload);
  }

  /** Sets a gauge that only the main thread knows. */
  setGauge(metric: 'vus' | 'vus_max', value: number, phase: Phase): void {
    this.enter(
      { metric, kind: 'gauge', contains: 'default', tags: {}, phase },
      { kind: 'gauge', value, min: value, max: value },
    );
  }

  /** Enters how late an idle thread was. */
  recordMachineDelay(delays: Readonly<Record<Phase, HistogramDelta>>): void {
    for (const phase of ['steady', 'outside'] as const) {
      const histogram = delays[phase];
      const key: SeriesKey = { metric: 'machine_loop_delay', kind: 'trend', contains: 'time', tags: {}, phase };
      if (histogram.count > 0) this.enter(key, { kind: 'trend', histogram });
    }
  }

  /** Adds to a row of Locust's. `at` is milliseconds since the load started. */
  enterRow(delta: RowDelta, at: number): void {
    const row = this.rows.of(delta.method, delta.name);
    row.add(delta);
    this.allRequests.add(delta);
    this.rowHistory.add(row, at, delta);
  }

  /** Records the loss of a worker. Its requests in flight, as last reported, are censored. */
  recordLoss(worker: number, what: string): void {
    const last = this.#latest.get(worker);
    this.missing.push(`${what}. Its figures end ${((last?.to ?? 0) / 1000).toFixed(1)} s into the load`);
    if (!last) return;
    this.#count('llm_censored', {}, last.live.inFlight);
    for (const { scenario, activeVus } of last.scenarios)
      this.#count('interrupted_iterations', { scenario }, activeVus);
    this.#latest.set(worker, {
      ...last,
      live: { ...last.live, inFlight: 0, inFlightPeak: 0 },
      scenarios: last.scenarios.map((scenario) => ({ ...scenario, activeVus: 0, ended: true })),
    });
  }

  /**
   * Merges all series of a metric that match the selector and phases. Read the result at once, since it may be a live
   * series. Undefined without any. Samples of failed requests are left out, unless the selector names `failed`.
   */
  merged(metric: string, phases: readonly Phase[], selector: Tags = EVERYTHING): Series | undefined {
    const found = (this.#byMetric.get(metric) ?? []).filter(
      ({ key }) => phases.includes(key.phase) && selects(selector, key.tags),
    );
    const [only, another] = found;
    if (!another) return only?.series;
    const merged = openSeries(another.key);
    for (const { series } of found) addChange(merged, contentsOf(series));
    return merged;
  }

  /** The sum of a counter, 0 without any sample. */
  total(metric: string, phases: readonly Phase[], selector: Tags = EVERYTHING): number {
    const series = this.merged(metric, phases, selector);
    return series?.kind === 'counter' ? series.sum : 0;
  }

  /** Distinct values of these tags, such as `scenario`, over a metric's series. */
  splits(metric: string, by: readonly string[]): Tags[] {
    const found = new Map<string, Tags>();
    for (const { key } of this.#byMetric.get(metric) ?? []) {
      if (key.tags.failed) continue;
      const tags = Object.fromEntries(by.flatMap((tag) => (key.tags[tag] ? [[tag, key.tags[tag]]] : [])));
      found.set(JSON.stringify(tags), tags);
    }
    return [...found.values()];
  }

  /** All metrics with samples, except hidden ones. */
  metrics(): Map<string, MetricInfo> {
    const found = new Map<string, MetricInfo>();
    for (const { key } of this.#series.values()) {
      const info = findMetric(key.metric, {}) ?? { kind: key.kind, contains: key.contains };
      if (!info.hidden) found.set(key.metric, info);
    }
    return found;
  }

  get failures(): FailureGroup[] {
    return this.#failures.all.sort((a, b) => b.lastAt - a.lastAt);
  }

  get errors(): ErrorGroup[] {
    return this.#errors.all.sort((a, b) => b.count - a.count);
  }

  /** The last delta of each worker. */
  get latest(): readonly ReportedDelta[] {
    return [...this.#latest.values()];
  }

  /** Up to when there are reports, in milliseconds since the load started. */
  get reportedUntil(): number {
    return Math.max(0, ...this.latest.map(({ to }) => to));
  }

  /** The worst of all workers. */
  get overload(): Overload {
    return this.#overload.worst;
  }

  #count(metric: string, tags: Tags, sum: number): void {
    const key: SeriesKey = { metric, kind: 'counter', contains: 'default', tags, phase: 'outside' };
    if (sum > 0) this.enter(key, { kind: 'counter', sum });
  }

  #open(key: SeriesKey): KeyedSeries {
    const text = seriesText(key.metric, tagsText(key.tags), key.phase);
    const known = this.#series.get(text);
    if (known) return known;
    const keyed = { key, series: openSeries(key) };
    this.#series.set(text, keyed);
    const siblings = this.#byMetric.get(key.metric);
    if (siblings) siblings.push(keyed);
    else this.#byMetric.set(key.metric, [keyed]);
    return keyed;
  }

  #enterGroups({ failures, errors, warnings }: Pick<Delta, 'failures' | 'errors' | 'warnings'>): void {
    for (const failure of failures) this.#failures.add(failure);
    for (const error of errors) this.#errors.add(error);
    for (const warning of warnings) if (!this.warnings.includes(warning)) this.warnings.push(warning);
  }

  #enterRows({ rows, from, to }: Delta): void {
    for (const delta of rows) this.enterRow(delta, (from + to) / 2);
  }
}

function isTotal(key: ReportedKey): key is SeriesKey {
  return key.phase !== 'live';
}
