import { lazily } from '../engine/lazy-require.js';
import { BUILT_IN, type BuiltInMetric, LLM_FIGURES } from '../engine/metrics/catalogue.js';
import type { HttpRecord, LlmRecord, LogRecord } from '../engine/metrics/log-record.js';
import type { Reporter } from '../engine/metrics/reporter.js';
import { cellText, FOREIGN_CELLS } from './csv-cells.js';
import { logFile } from './log-file.js';

const csv = lazily<typeof import('csv-stringify/sync')>('csv-stringify/sync');

/** Line of a request of any kind; missing values are undefined. */
type Row = Readonly<Record<string, unknown>>;

/** Figures of LLM requests: column and field of the record. */
const FIGURES = LLM_FIGURES.flatMap(({ metric, figure }) => {
  const { shown }: BuiltInMetric = BUILT_IN[metric];
  return shown?.requestLog ? [[metric.replace('llm_', ''), figure] as const] : [];
});

/** Columns of the CSV in order. Common ones, then LLM requests, then plain HTTP. */
const COLUMNS = [
  ...['kind', 'time', 'worker', 'vu', 'iteration', 'scenario', 'group', 'name', 'method', 'url', 'status'],
  ...['failure_kind', 'failure_message', 'censored', 'scheduled_at', 'sent_at', 'connected_at', 'headers_at'],
  ...['first_chunk_at', 'first_token_at', 'first_answer_at', 'last_token_at', 'ended_at'],
  ...FIGURES.map(([column]) => column),
  ...['protocol', 'model', 'input_tokens', 'output_tokens', 'reasoning_tokens', 'chunks', 'finish_reason', 'good'],
  ...['reconnected', 'duration', 'blocked', 'connecting', 'tls_handshaking', 'sending', 'waiting', 'receiving'],
  ...['proto', 'expected', 'error_code', 'bytes_sent', 'bytes_received', 'tags'],
];

/**
 * Log with a line per finished request, as JSON or CSV. Times are in milliseconds, instants since the load started;
 * `time` is the wall-clock time of sending.
 */
export function requestLog(name: string, path: string, options: ReadonlySet<string>): Reporter {
  const gaps = options.has('gaps');
  const details = { gaps, samples: false };
  const rows = (records: readonly LogRecord[], startedAt: Date) =>
    records.filter((record) => record.kind !== 'sample').map((record) => rowOf(record, startedAt, gaps));
  if (!/\.csv(\.gz)?$/i.test(path)) {
    const encode = (records: readonly LogRecord[], startedAt: Date) =>
      rows(records, startedAt)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join('');
    return logFile(name, path, { details, head: '', encode });
  }
  const columns = gaps ? [...COLUMNS, 'gaps', 'gap_tokens'] : COLUMNS;
  const toCsv = (records: readonly LogRecord[], startedAt: Date) =>
    csv().stringify(rows(records, startedAt).map(flat), { columns, ...CSV });
  return logFile(name, path, { details, head: `${columns.join(',')}\n`, encode: toCsv });
}

/** CSV encoder: numbers as in JSON, and spreadsheet formulas quoted. */
const CSV = {
  ...FOREIGN_CELLS,
  cast: { ...FOREIGN_CELLS.cast, boolean: String, object: (value: object) => cellText(JSON.stringify(value)) },
} as const;

/** True for valid file names of a log. */
export function isLogPath(path: string): boolean {
  return /\.(jsonl|csv)(\.gz)?$/i.test(path);
}

function rowOf(record: LlmRecord | HttpRecord, startedAt: Date, gaps: boolean): Row {
  const common = {
    kind: record.kind,
    time: new Date(startedAt.getTime() + record.sentAt).toISOString(),
    worker: record.worker,
    vu: record.vu,
    iteration: record.iteration,
    scenario: record.scenario,
    group: record.tags.group || undefined,
    name: record.name,
    status: record.status,
    failure: record.failure,
    censored: record.censored,
    sent_at: rounded(record.sentAt),
    ended_at: rounded(record.endedAt),
    bytes_sent: record.bytesSent,
    bytes_received: record.bytesReceived,
    tags: record.tags,
  };
  return record.kind === 'llm' ? { ...common, ...llmRow(record, gaps) } : { ...common, ...httpRow(record) };
}

function llmRow(record: LlmRecord, gaps: boolean): Row {
  return {
    protocol: record.protocol,
    model: record.model,
    scheduled_at: rounded(record.scheduledAt),
    connected_at: rounded(record.connectedAt),
    headers_at: rounded(record.headersAt),
    first_chunk_at: rounded(record.firstChunkAt),
    first_token_at: rounded(record.firstTokenAt),
    first_answer_at: rounded(record.firstAnswerAt),
    last_token_at: rounded(record.lastTokenAt),
    ...Object.fromEntries(FIGURES.map(([column, figure]) => [column, rounded(record[figure])])),
    input_tokens: record.inputTokens,
    output_tokens: record.outputTokens,
    reasoning_tokens: record.reasoningTokens,
    chunks: record.chunks,
    finish_reason: record.finishReason,
    good: record.good,
    reconnected: record.reconnected,
    ...(gaps && { gaps: record.gaps?.map((gap) => rounded(gap)), gap_tokens: record.gapTokens }),
  };
}

function httpRow(record: HttpRecord): Row {
  return {
    method: record.method,
    url: record.url,
    duration: rounded(record.duration),
    blocked: rounded(record.blocked),
    connecting: rounded(record.connecting),
    tls_handshaking: rounded(record.tlsHandshaking),
    sending: rounded(record.sending),
    waiting: rounded(record.waiting),
    receiving: rounded(record.receiving),
    proto: record.proto,
    expected: record.expected,
    error_code: record.errorCode,
  };
}

function flat({ failure, ...row }: Row): Row {
  const { kind, message } = Object(failure) as { kind?: string; message?: string };
  return { ...row, failure_kind: kind, failure_message: message };
}

/** Number of milliseconds rounded to nanoseconds. */
function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 1e6) / 1e6;
}
