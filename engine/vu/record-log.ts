import type { Exchange } from '../client/exchange.js';
import { kindOfHttpFailure } from '../client/http/http-error.js';
import type { HttpExchange } from '../client/http/http-exchange.js';
import { timingsOf } from '../client/http/timings.js';
import { eachChunkGap, type Figures } from '../client/request-figures.js';
import type { MetricInfo } from '../metrics/catalogue.js';
import type { LogDetails, LogRecord } from '../metrics/log-record.js';
import type { Tags } from '../metrics/series.js';

/** Records per message to the main thread. */
const BATCH = 256;

/**
 * Most weight of one worker's records that are sent, but not written. Records beyond it are dropped, so that a slow
 * disk costs records and never load. Sixteen gaps weigh as much as a record.
 */
const MOST_UNDERWAY = 16_384;

/** Origin of a record: user, iteration, scenario. */
export interface LoggedUser {
  readonly id: number;
  readonly iteration: number;
  readonly scenario: string;
}

/** Destination and settings of a log. */
export interface LogDestination {
  readonly details: LogDetails;
  readonly worker: number;
  /** Instant at which the load started. */
  readonly startAt: number;
  /** Weight of this worker's written records, in shared memory. */
  readonly written: Int32Array;
  /** Takes keys out of what the other side said. */
  readonly redact: (text: string) => string;
  readonly send: (batch: {
    readonly records: readonly LogRecord[];
    readonly weight: number;
    readonly dropped: number;
  }) => void;
}

/** Logs the requests and samples of one worker. */
export class Log {
  readonly #destination: LogDestination;
  #records: LogRecord[] = [];
  #weight = 0;
  #sent = 0;
  #dropped = 0;

  constructor(destination: LogDestination) {
    this.#destination = destination;
  }

  /** Logs a finished LLM request. */
  llm(
    user: LoggedUser,
    protocol: string,
    exchange: Exchange,
    figures: Figures,
    good: boolean | undefined,
    tags: Tags,
  ): void {
    const { sentAt, endedAt = sentAt, usage, failure } = exchange;
    this.#add({
      kind: 'llm',
      ...this.#origin(user),
      name: exchange.name,
      protocol,
      model: exchange.model,
      tags,
      scheduledAt: this.#since(exchange.scheduledAt),
      sentAt: this.#since(sentAt),
      connectedAt: this.#since(exchange.connectedAt),
      headersAt: this.#since(exchange.headersAt),
      firstChunkAt: this.#since(exchange.firstChunkAt),
      firstTokenAt: this.#since(exchange.firstTokenAt),
      firstAnswerAt: this.#since(exchange.firstAnswerAt),
      lastTokenAt: this.#since(exchange.lastTokenAt),
      endedAt: this.#since(endedAt),
      ...figures,
      reasoningTokens: usage?.reasoningTokens,
      chunks: exchange.chunkAt.length,
      status: exchange.status,
      finishReason: exchange.finishReason && this.#destination.redact(exchange.finishReason),
      failure: failure && { kind: failure.kind, message: failure.message },
      censored: exchange.censored,
      good,
      reconnected: exchange.reconnected,
      bytesSent: exchange.bytesSent,
      bytesReceived: exchange.bytesReceived,
      ...(this.#destination.details.gaps && gapsOf(exchange)),
    });
  }

  /** Logs a finished plain HTTP request. */
  http(user: LoggedUser, exchange: HttpExchange, name: string, expected: boolean | undefined, tags: Tags): void {
    const { tls_handshaking: tlsHandshaking, looking_up: _, ...timings } = timingsOf(exchange);
    const { method, address, status, error } = exchange;
    const message = error?.message ?? `HTTP ${status} ${exchange.statusText}`.trimEnd();
    this.#add({
      kind: 'http',
      ...this.#origin(user),
      name,
      method,
      url: this.#destination.redact(address.href),
      tags,
      sentAt: this.#since(exchange.sentAt),
      endedAt: this.#since(exchange.endedAt),
      ...timings,
      tlsHandshaking,
      status: status || undefined,
      proto: exchange.proto,
      expected,
      errorCode: error?.code,
      failure: error || expected === false ? { kind: kindOfHttpFailure(exchange), message } : undefined,
      censored: exchange.censored,
      bytesSent: exchange.bytesSent,
      bytesReceived: exchange.bytesReceived,
    });
  }

  /** Logs a sample outside of requests. */
  sample(
    user: LoggedUser,
    metric: string,
    { kind: type, contains }: MetricInfo,
    value: number,
    at: number,
    tags: () => Tags,
  ): void {
    if (!this.#destination.details.samples) return;
    const { id: vu, iteration } = user;
    this.#add({ kind: 'sample', metric, type, contains, value, at: this.#since(at), tags: tags(), vu, iteration });
  }

  /** Sends the buffered records. */
  flush(): void {
    if (this.#records.length === 0 && this.#dropped === 0) return;
    this.#destination.send({ records: this.#records, weight: this.#weight, dropped: this.#dropped });
    this.#sent += this.#weight;
    this.#records = [];
    this.#weight = 0;
    this.#dropped = 0;
  }

  #add(record: LogRecord): void {
    // Both counts wrap around alike, so their difference is right in a run of any length.
    const underway = (this.#sent - Atomics.load(this.#destination.written, 0)) | 0;
    if (underway + this.#weight >= MOST_UNDERWAY) {
      this.#dropped += 1;
      return;
    }
    this.#records.push(record);
    this.#weight += 1 + (record.kind === 'llm' ? Math.ceil((record.gaps?.length ?? 0) / 16) : 0);
    if (this.#records.length >= BATCH) this.flush();
  }

  #origin({ id: vu, iteration, scenario }: LoggedUser) {
    return { worker: this.#destination.worker, vu, iteration, scenario };
  }

  #since(at: number): number;
  #since(at: number | undefined): number | undefined;
  #since(at: number | undefined): number | undefined {
    return at === undefined ? undefined : at - this.#destination.startAt;
  }
}

function gapsOf(exchange: Exchange): { readonly gaps: readonly number[]; readonly gapTokens: readonly number[] } {
  const gaps: number[] = [];
  const gapTokens: number[] = [];
  eachChunkGap(exchange, (gap, tokens) => {
    gaps.push(gap);
    gapTokens.push(tokens);
  });
  return { gaps, gapTokens };
}
