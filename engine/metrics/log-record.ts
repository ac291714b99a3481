import type { Contains, LlmFigure, MetricKind } from './catalogue.js';
import type { Tags } from './series.js';

/**
 * Common fields of LLM and HTTP requests. Instants are milliseconds since the load started; one that never came is
 * undefined.
 */
interface RequestRecord {
  readonly worker: number;
  /** Number of the user, from 1. `iteration` counts its own, from 0. */
  readonly vu: number;
  readonly iteration: number;
  readonly scenario: string;
  readonly name: string;
  /** Every tag of the run, the scenario, the user and the request. */
  readonly tags: Tags;
  readonly sentAt: number;
  readonly endedAt: number;
  /** The HTTP status; undefined where there was no response. */
  readonly status: number | undefined;
  readonly failure: { readonly kind: string; readonly message: string } | undefined;
  /** In flight at the end of the run: neither success nor failure. */
  readonly censored: boolean;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** An LLM request that has ended. Figures are those of docs/metrics.md: `ttft`, `tpot`, … in milliseconds. */
export interface LlmRecord extends RequestRecord, Readonly<Partial<Record<LlmFigure, number | undefined>>> {
  readonly kind: 'llm';
  /** The function that asked: `chat`, `embed`, … */
  readonly protocol: string;
  readonly model: string;
  readonly scheduledAt: number;
  readonly connectedAt: number | undefined;
  readonly headersAt: number | undefined;
  readonly firstChunkAt: number | undefined;
  readonly firstTokenAt: number | undefined;
  readonly firstAnswerAt: number | undefined;
  readonly lastTokenAt: number | undefined;
  readonly outputTokens: number;
  readonly reasoningTokens: number | undefined;
  /** Output events. */
  readonly chunks: number;
  readonly finishReason: string | undefined;
  /** True where the request met its SLO; undefined where it had none. */
  readonly good: boolean | undefined;
  readonly reconnected: boolean;
  /**
   * Gaps before output events, in milliseconds, and tokens of the events. Without the first event; only where details
   * ask for them.
   */
  readonly gaps?: readonly number[];
  readonly gapTokens?: readonly number[];
}

/** A plain HTTP request that has ended; a redirect is another one. Times are k6's, in milliseconds. */
export interface HttpRecord extends RequestRecord {
  readonly kind: 'http';
  readonly method: string;
  /** Without user and password. */
  readonly url: string;
  readonly proto: string;
  /** True for an expected status; undefined where the script disabled the check. */
  readonly expected: boolean | undefined;
  readonly errorCode: number | undefined;
  readonly duration: number;
  readonly blocked: number;
  readonly connecting: number;
  readonly tlsHandshaking: number;
  readonly sending: number;
  readonly waiting: number;
  readonly receiving: number;
}

/** Sample outside of requests. Of an iteration, a check, a group or a custom metric. */
export interface SampleRecord {
  readonly kind: 'sample';
  readonly metric: string;
  readonly type: MetricKind;
  readonly contains: Contains;
  readonly value: number;
  /** Milliseconds since the load started. */
  readonly at: number;
  readonly tags: Tags;
  readonly vu: number;
  readonly iteration: number;
}

/** Record of one event in a run. */
export type LogRecord = LlmRecord | HttpRecord | SampleRecord;

/** Contents of a log beyond requests. */
export interface LogDetails {
  /** The gaps between the output events of each LLM request. */
  readonly gaps: boolean;
  /** Samples that are not of requests. */
  readonly samples: boolean;
}

/** Record with its instants this much later, in milliseconds. Only LLM requests of the load have others. */
export function later(record: LogRecord, by: number): LogRecord {
  if (by === 0) return record;
  if (record.kind === 'sample') return { ...record, at: record.at + by };
  return { ...record, sentAt: record.sentAt + by, endedAt: record.endedAt + by };
}
