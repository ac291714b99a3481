import { BUILT_IN, type BuiltInName, type MetricInfo } from './catalogue.js';
import type { Delta, ErrorGroup, FailureGroup, ScenarioProgress } from './delta.js';
import { errorGroups, failureGroups } from './groups.js';
import type { Histogram } from './histogram.js';
import { Live } from './live-figures.js';
import { type EndedRequest, RequestRows } from './locust/request-rows.js';
import type { ReaderFigures } from './reader-record.js';
import {
  type Counter,
  type Gauge,
  openSeries,
  type Phase,
  type Rate,
  type ReportedKey,
  type Series,
  seriesText,
  type Tags,
  Trend,
  tagsText,
} from './series.js';
import type { SessionLane } from './session-lanes.js';
import { TagSets } from './tag-sets.js';
import { phaseAt, type Window } from './window.js';

/** Series beyond this many are folded into one named `(other)`. */
export const SERIES_LIMIT = 1000;

type OfKind<Kind extends MetricInfo['kind']> = {
  [Name in BuiltInName]: (typeof BUILT_IN)[Name]['kind'] extends Kind ? Name : never;
}[BuiltInName];

interface OpenSeries {
  readonly id: number;
  readonly series: Series;
  readonly metric: string;
  readonly info: MetricInfo;
  readonly tags: Tags;
  readonly phase: ReportedKey['phase'];
  announced: boolean;
}

/** All series with the same tags, by metric. */
interface TaggedSeries extends Readonly<Record<Phase, Map<string, Series>>> {
  readonly text: string;
}

function newTaggedSeries(text: string): TaggedSeries {
  return { text, steady: new Map(), outside: new Map() };
}

/** Takes the samples of one worker and gives them away as deltas. */
export class Recorder {
  readonly live: Live;
  /** Rows of requests, where they are kept. */
  readonly rows: RequestRows | undefined;
  /** Figures of the worker's native reader, where it has one. */
  reader: ReaderFigures | undefined;
  /** Sessions that have ended since the last flush. */
  lanes: SessionLane[] = [];
  readonly #worker: number;
  readonly #startAt: number;
  #steady: Window;
  readonly #open: OpenSeries[] = [];
  /** Series by the text of their tags, phase and metric. */
  readonly #byTags = new Map<string, TaggedSeries>();
  readonly #names = new Set<string>();
  readonly #failures = failureGroups();
  readonly #errors = errorGroups();
  #warnings: string[] = [];
  /** Series by tags that are always the same object. */
  readonly #byObject = new Map<Tags, TaggedSeries>();
  readonly #tagSets = new TagSets((tags) => this.#byObject.set(tags, this.#find(tags)));
  #latestTags: Tags | undefined;
  #latest: TaggedSeries = newTaggedSeries('');
  #flushedAt = 0;
  #folded = false;

  /** Takes the load's start on the machine's clock. `steady` is relative to it. */
  constructor(worker: number, startAt: number, steady: Window, keepsRows = true) {
    this.#worker = worker;
    this.#startAt = startAt;
    this.#steady = steady;
    this.rows = keepsRows ? new RequestRows() : undefined;
    this.live = new Live(startAt, { ttft: this.#openLive('llm_ttft'), itl: this.#openLive('llm_itl') });
  }

  /** Milliseconds since the load started. */
  since(at: number): number {
    return at - this.#startAt;
  }

  /** The steady state as now known, in milliseconds since the load started. */
  get steady(): Window {
    return this.#steady;
  }

  /** Phase of what began at instant `at`. */
  phaseAt(at: number): Phase {
    return phaseAt(this.#steady, at - this.#startAt);
  }

  /** Replaces the steady state, for what begins from now on. */
  reviseSteadyState(steady: Window): void {
    this.#steady = steady;
  }

  /** Ends the steady state at instant `at`, if not before. */
  endSteadyState(at: number): void {
    this.#steady = { from: this.#steady.from, to: Math.min(this.#steady.to, at - this.#startAt) };
  }

  counter(metric: OfKind<'counter'>, tags: Tags, phase: Phase): Counter {
    return this.series(metric, BUILT_IN[metric], tags, phase) as Counter;
  }

  rate(metric: OfKind<'rate'>, tags: Tags, phase: Phase): Rate {
    return this.series(metric, BUILT_IN[metric], tags, phase) as Rate;
  }

  gauge(metric: OfKind<'gauge'>, tags: Tags, phase: Phase): Gauge {
    return this.series(metric, BUILT_IN[metric], tags, phase) as Gauge;
  }

  trend(metric: OfKind<'trend'>, tags: Tags, phase: Phase): Trend {
    return this.series(metric, BUILT_IN[metric], tags, phase) as Trend;
  }

  /** The series of any metric; opened when it is new. Keep what it returns where it is used often. */
  series(metric: string, info: MetricInfo, tags: Tags, phase: Phase): Series {
    const tagged = this.#of(tags);
    const known = tagged[phase].get(metric);
    if (known) return known;
    const name = seriesText(metric, tagged.text, 'outside');
    if (!this.#names.has(name) && this.#names.size >= SERIES_LIMIT && tags.name !== '(other)') {
      return this.#fold(metric, info, tags, phase);
    }
    this.#names.add(name);
    const series = openSeries(info);
    tagged[phase].set(metric, series);
    this.#open.push({ id: this.#open.length, series, metric, info, tags, phase, announced: false });
    return series;
  }

  /** Tags of a scenario, or of a request in it. Always the same object, which is found sooner. */
  tagsOf(scenario: string, name?: string, target?: string): Tags {
    return this.#tagSets.of(scenario, name, target);
  }

  /** Text of tags that tells series apart; kept of the latest tags. */
  textOf(tags: Tags): string {
    return this.#of(tags).text;
  }

  /** Counts a request that has ended under its method and name. */
  request(request: EndedRequest, at: number): void {
    this.rows?.of(request.method, request.name).record(request, this.since(at));
  }

  /** Counts a failed request under its kind, with what it said. */
  failure(failure: Omit<FailureGroup, 'count' | 'firstAt' | 'lastAt'>, at: number): void {
    const since = this.since(at);
    this.#failures.add({ ...failure, count: 1, firstAt: since, lastAt: since });
  }

  /** Counts an exception of the script under the place that threw it. */
  error(error: Omit<ErrorGroup, 'count'>): void {
    this.#errors.add({ ...error, count: 1 });
  }

  warn(text: string): void {
    this.#warnings.push(text);
  }

  /** Everything recorded since the last flush. */
  flush(now: number, scenarios: readonly ScenarioProgress[]): Delta {
    const series: Delta['series'][number][] = [];
    for (const open of this.#open) {
      const change = open.series.drain();
      if (!change) continue;
      const { id, metric, info, tags, phase } = open;
      const key = { metric, kind: info.kind, contains: info.contains, tags, phase };
      series.push(open.announced ? { id, change } : { id, key, change });
      open.announced = true;
    }
    const delta: Delta = {
      worker: this.#worker,
      from: this.#flushedAt,
      to: this.since(now),
      series,
      live: this.live.drain(now),
      rows: this.rows?.drain() ?? [],
      failures: this.#failures.drain(),
      errors: this.#errors.drain(),
      warnings: this.#warnings,
      scenarios,
      reader: this.reader,
      lanes: this.lanes,
    };
    this.#flushedAt = delta.to;
    this.#warnings = [];
    this.lanes = [];
    return delta;
  }

  /** Opens the series of samples that count in their interval only. */
  #openLive(metric: OfKind<'trend'>): Histogram {
    const info: MetricInfo = BUILT_IN[metric];
    const series = new Trend(info.contains);
    this.#open.push({ id: this.#open.length, series, metric, info, tags: {}, phase: 'live', announced: false });
    return series.histogram;
  }

  /** Series by tags, with a cache for the samples of one request. */
  #of(tags: Tags): TaggedSeries {
    if (tags === this.#latestTags) return this.#latest;
    const tagged = this.#byObject.get(tags) ?? this.#find(tags);
    this.#latestTags = tags;
    this.#latest = tagged;
    return tagged;
  }

  #find(tags: Tags): TaggedSeries {
    const text = tagsText(tags);
    const tagged = this.#byTags.get(text) ?? newTaggedSeries(text);
    this.#byTags.set(text, tagged);
    return tagged;
  }

  #fold(metric: string, info: MetricInfo, tags: Tags, phase: Phase): Series {
    if (!this.#folded) {
      this.#folded = true;
      this.warn(
        `more than ${SERIES_LIMIT} series: further request names and tags are counted together as (other). ` +
          'Give requests few names, and put what varies into the message instead',
      );
    }
    const scenario = tags.scenario === undefined ? {} : { scenario: tags.scenario };
    const failed = tags.failed === undefined ? {} : { failed: tags.failed };
    const expected = tags.expected_response === undefined ? {} : { expected_response: tags.expected_response };
    const check = tags.check === undefined ? {} : { check: '(other)' };
    const target = tags.target === undefined ? {} : { target: tags.target };
    return this.series(
      metric,
      info,
      { ...scenario, ...failed, ...expected, ...check, ...target, name: '(other)' },
      phase,
    );
  }
}
