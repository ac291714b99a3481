import { createHash } from 'node:crypto';
import { type DecimalCounts, NO_COUNTS } from '../metrics/locust/decimal-histogram.js';
import type { RowPoint } from '../metrics/locust/row-history.js';
import type { RecordChange } from '../metrics/record-change.js';
import type { Summary } from '../metrics/snapshot.js';

/** Entry of Locust's statistics: what was added since the last report. Times are milliseconds, instants seconds. */
export interface StatsEntry {
  readonly name: string;
  readonly method: string;
  readonly last_request_timestamp: number | null;
  readonly start_time: number;
  readonly num_requests: number;
  readonly num_none_requests: number;
  readonly num_failures: number;
  readonly total_response_time: number;
  readonly max_response_time: number;
  readonly min_response_time: number | null;
  readonly total_content_length: number;
  readonly response_times: ReadonlyMap<number, number>;
  readonly num_reqs_per_sec: ReadonlyMap<number, number>;
  readonly num_fail_per_sec: ReadonlyMap<number, number>;
}

/** Failures of one kind since the last report. */
interface ErrorEntry {
  readonly name: string;
  readonly method: string;
  readonly error: string;
  readonly occurrences: number;
  readonly first_seen: number;
  readonly last_seen: number;
}

/** Exception of the script, with its count since the last report. */
export interface ScriptException {
  readonly msg: string;
  readonly traceback: string;
  readonly times: number;
}

/** Report of a worker to its master. */
export interface StatsReport {
  readonly stats: readonly StatsEntry[];
  /** Sum of all requests. LLM latencies are rows of their own, and not in here. */
  readonly stats_total: StatsEntry;
  readonly errors: Readonly<Record<string, ErrorEntry>>;
}

/** Counts of a row's requests and failures in one second. */
interface Second {
  requests: number;
  failures: number;
}

/** Figures of a row at the last report. */
interface Row {
  times: DecimalCounts;
  failures: number;
  bytes: number;
  readonly seconds: Map<number, Second>;
}

/** Differences of a growing record, as a Locust worker reports them. */
export class StatsReports {
  readonly #startTime: number;
  readonly #rows = new Map<string, Row>();
  readonly #failures = new Map<string, number>();
  readonly #exceptions = new Map<string, number>();
  /** Length of the points of the last record, in seconds. */
  #width = 0;

  /** Takes the start of the load, in seconds since 1970. */
  constructor(startTime: number) {
    this.#startTime = startTime;
  }

  /** Report of what a record has more than at the last call. */
  next({ record, rows: histories }: RecordChange): StatsReport {
    // Points that were joined in pairs tell nothing new.
    const isJoined = this.#width !== 0 && record.locust.historySeconds !== this.#width;
    this.#width = record.locust.historySeconds;
    const points = new Map(histories.map(({ method, name, points }) => [keyOf(method, name), points]));
    const requests = record.locust.rows.map(({ method, name, failures, bytes, times }) =>
      this.#entry({ method, name, failures, bytes, times }, points.get(keyOf(method, name)) ?? [], isJoined),
    );
    const latencies = Object.entries(record.locust.latencies).map(([name, times]) =>
      this.#entry({ method: 'LLM', name, failures: 0, bytes: 0, times }, [], false),
    );
    const isNew = ({ num_requests }: StatsEntry) => num_requests > 0;
    return {
      stats: [...requests, ...latencies].filter(isNew),
      stats_total: totalOf(requests.filter(isNew), this.#startTime),
      errors: this.#errors(record),
    };
  }

  /** Exceptions of the script since the last call. */
  exceptions({ errors }: Summary): readonly ScriptException[] {
    return errors.flatMap(({ count, message, stack }) => {
      const key = `${message}\n${stack}`;
      const times = count - (this.#exceptions.get(key) ?? 0);
      this.#exceptions.set(key, count);
      return times > 0 ? [{ msg: message, traceback: stack, times }] : [];
    });
  }

  #entry(
    now: Pick<Row, 'times' | 'failures' | 'bytes'> & { readonly method: string; readonly name: string },
    points: readonly RowPoint[],
    isJoined: boolean,
  ): StatsEntry {
    const { method, name, times, failures, bytes } = now;
    const key = keyOf(method, name);
    const before = this.#rows.get(key) ?? { times: NO_COUNTS, failures: 0, bytes: 0, seconds: new Map() };
    const { seconds } = before;
    this.#rows.set(key, { times, failures, bytes, seconds });
    const added = countsAdded(before.times, times);
    const keys = [...added.keys()];
    // A minimum that is not new may be from before the master's statistics were reset.
    const least = times.min !== before.times.min || before.times.count === 0 ? times.min : Math.min(...keys);
    const most = times.max !== before.times.max || before.times.count === 0 ? times.max : Math.max(...keys);
    if (isJoined) seconds.clear();
    const gained = this.#secondsAdded(seconds, points);
    const perSecond = isJoined ? new Map<number, Second>() : gained;
    const count = times.count - before.times.count;
    return {
      ...{ name, method, start_time: this.#startTime },
      last_request_timestamp: count === 0 ? null : Math.max(this.#startTime, ...perSecond.keys()),
      ...{ num_requests: count, num_none_requests: 0, num_failures: failures - before.failures },
      total_response_time: times.sum - before.times.sum,
      ...{ min_response_time: count === 0 ? null : least, max_response_time: count === 0 ? 0 : most },
      ...{ total_content_length: bytes - before.bytes, response_times: added },
      num_reqs_per_sec: new Map([...perSecond].map(([at, { requests }]) => [at, requests])),
      num_fail_per_sec: new Map([...perSecond].flatMap(([at, { failures }]) => (failures > 0 ? [[at, failures]] : []))),
    };
  }

  /** Counts that seconds have gained, by the second since 1970. */
  #secondsAdded(known: Map<number, Second>, points: readonly RowPoint[]): Map<number, Second> {
    const added = new Map<number, Second>();
    for (const { index, times, failures } of points) {
      const before = known.get(index) ?? { requests: 0, failures: 0 };
      const gained = { requests: times.count - before.requests, failures: failures - before.failures };
      known.set(index, { requests: times.count, failures });
      if (gained.requests > 0) added.set(Math.floor(this.#startTime + index * this.#width), gained);
    }
    return added;
  }

  #errors({ failures }: Summary): Record<string, ErrorEntry> {
    const errors: Record<string, ErrorEntry> = {};
    for (const { method, name, message, count, firstAt, lastAt } of failures) {
      const key = createHash('sha256').update(`${method}.${name}.${message}`).digest('hex');
      const before = this.#failures.get(key) ?? 0;
      this.#failures.set(key, Math.max(before, count));
      if (count <= before) continue;
      const seen = { first_seen: this.#startTime + firstAt / 1000, last_seen: this.#startTime + lastAt / 1000 };
      errors[key] = { name, method, error: message, occurrences: count - before, ...seen };
    }
    return errors;
  }
}

function keyOf(method: string, name: string): string {
  return `${method} ${name}`;
}

function countsAdded(before: DecimalCounts, now: DecimalCounts): Map<number, number> {
  const known = new Map(before.values.map((value, index) => [value, before.counts[index] ?? 0]));
  const added = new Map<number, number>();
  for (const [index, value] of now.values.entries()) {
    const more = (now.counts[index] ?? 0) - (known.get(value) ?? 0);
    if (more > 0) added.set(value, more);
  }
  return added;
}

/** Entry of all requests together. */
function totalOf(entries: readonly StatsEntry[], startTime: number): StatsEntry {
  const sum = (figure: (entry: StatsEntry) => number) => entries.reduce((total, entry) => total + figure(entry), 0);
  const joined = (figure: (entry: StatsEntry) => ReadonlyMap<number, number>) => {
    const all = new Map<number, number>();
    for (const [key, count] of entries.flatMap((entry) => [...figure(entry)])) {
      all.set(key, (all.get(key) ?? 0) + count);
    }
    return all;
  };
  const least = entries.flatMap(({ min_response_time }) => min_response_time ?? []);
  const last = entries.flatMap(({ last_request_timestamp }) => last_request_timestamp ?? []);
  return {
    ...{ name: 'Aggregated', method: '', start_time: startTime },
    last_request_timestamp: last.length > 0 ? Math.max(...last) : null,
    num_requests: sum(({ num_requests }) => num_requests),
    num_none_requests: 0,
    num_failures: sum(({ num_failures }) => num_failures),
    total_response_time: sum(({ total_response_time }) => total_response_time),
    max_response_time: Math.max(0, ...entries.map(({ max_response_time }) => max_response_time)),
    min_response_time: least.length > 0 ? Math.min(...least) : null,
    total_content_length: sum(({ total_content_length }) => total_content_length),
    response_times: joined(({ response_times }) => response_times),
    num_reqs_per_sec: joined(({ num_reqs_per_sec }) => num_reqs_per_sec),
    num_fail_per_sec: joined(({ num_fail_per_sec }) => num_fail_per_sec),
  };
}
