import { BUILT_IN, type BuiltInName, LLM_FIGURES, type MetricInfo } from '../engine/metrics/catalogue.js';
import type { HttpRecord, LlmRecord, LogRecord } from '../engine/metrics/log-record.js';
import type { Tags } from '../engine/metrics/series.js';
import type { Snapshot } from '../engine/metrics/snapshot.js';

/** Samples of one instant: values by metric. */
export interface Points {
  /** Milliseconds since the load started. */
  readonly at: number;
  readonly tags: Tags;
  readonly metadata: Tags;
  readonly values: readonly (readonly [metric: string, info: MetricInfo, value: number | undefined])[];
}

/** Tags that k6 adds by itself. */
const SYSTEM_TAGS: readonly string[] = [
  ...['check', 'error', 'error_code', 'expected_response', 'group', 'ip', 'method', 'name', 'ocsp_status', 'proto'],
  ...['scenario', 'service', 'status', 'subproto', 'tls_version', 'url', 'vu', 'iter'],
];

/** Leaves out tags of k6's own that are not in `kept`. Undefined: leaves all in. */
export function keptTags(points: Points, kept: readonly string[] | undefined): Points {
  if (!kept) return points;
  const isKept = ([tag]: readonly [string, unknown]) => !SYSTEM_TAGS.includes(tag) || kept.includes(tag);
  const only = (tags: Tags) => Object.fromEntries(Object.entries(tags).filter(isKept));
  return { ...points, tags: only(points.tags), metadata: only(points.metadata) };
}

/** Points of a record. Transferred bytes belong to no request in k6, but to the scenario and group. */
export function pointsOf(logged: LogRecord): Points[] {
  const record = { ...logged, tags: scenarioTags(logged.tags) };
  const metadata = { vu: String(record.vu), iter: String(record.iteration) };
  if (record.kind === 'sample') {
    const { at, tags, metric, type: kind, contains, value } = record;
    return [{ at, tags, metadata, values: [[metric, { kind, contains }, value]] }];
  }
  const { endedAt: at, name, status, bytesSent, bytesReceived } = record;
  const tags = { ...record.tags, name, ...(status !== undefined && { status: String(status) }) };
  const values = builtIn({ data_sent: bytesSent, data_received: bytesReceived });
  const transferred = { at, tags: record.tags, metadata, values };
  if (record.censored) return [transferred];
  const own =
    record.kind === 'llm'
      ? { tags: llmTags(record, tags), values: [...builtIn(llmValues(record)), ...gaps(record)] }
      : { tags: httpTags(record, tags), values: builtIn(httpValues(record)) };
  return [{ at, metadata, ...own }, transferred];
}

/** Tags without the scenario of `setup` and `teardown`. In k6 they belong to none. */
function scenarioTags(tags: Tags): Tags {
  if (tags.group !== '::setup' && tags.group !== '::teardown') return tags;
  const { scenario: _, ...others } = tags;
  return others;
}

/** Tags of LLM samples. As in the summary, failed requests can be told apart. */
function llmTags({ model, failure }: LlmRecord, tags: Tags): Tags {
  return { ...tags, model, ...(failure && { failed: 'true', error: failure.kind }) };
}

function llmValues(record: LlmRecord): Partial<Record<BuiltInName, number | undefined>> {
  return {
    llm_requests: 1,
    llm_failed: Number(record.failure !== undefined),
    llm_good: record.good === undefined ? undefined : Number(record.good),
    ...Object.fromEntries(LLM_FIGURES.map(({ metric, figure }) => [metric, record[figure]])),
    llm_output_tokens: record.outputTokens || undefined,
  };
}

/** One sample per gap. One per token would multiply the size and add nothing. */
function gaps({ gaps: all = [] }: LlmRecord): Points['values'] {
  return all.map((gap) => ['llm_chunk_gap', BUILT_IN.llm_chunk_gap, gap]);
}

function httpTags({ method, url, proto, expected, errorCode, failure }: HttpRecord, tags: Tags): Tags {
  return {
    ...tags,
    method,
    url,
    proto,
    ...(expected !== undefined && { expected_response: String(expected) }),
    ...(errorCode !== undefined && failure && { error: failure.message, error_code: String(errorCode) }),
  };
}

function httpValues(record: HttpRecord): Partial<Record<BuiltInName, number | undefined>> {
  return {
    http_reqs: 1,
    http_req_duration: record.duration,
    http_req_blocked: record.blocked,
    http_req_connecting: record.connecting,
    http_req_tls_handshaking: record.tlsHandshaking,
    http_req_sending: record.sending,
    http_req_waiting: record.waiting,
    http_req_receiving: record.receiving,
    http_req_failed: record.expected === undefined ? undefined : Number(!record.expected),
  };
}

function builtIn(values: Partial<Record<BuiltInName, number | undefined>>): Points['values'] {
  return Object.entries(values).map(([name, value]) => [name, BUILT_IN[name as BuiltInName], value]);
}

/** Points of the users at a snapshot. */
export function statePoints({ elapsed: at, vus, scenarios }: Snapshot): Points {
  const created = scenarios.reduce((sum, { initializedVus }) => sum + initializedVus, 0);
  return { at, tags: {}, metadata: {}, values: builtIn({ vus, vus_max: created }) };
}
