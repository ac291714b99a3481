import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';
import type { Connection } from './connection.js';
import { ErrorBody } from './error-body.js';
import { EventStream } from './event-stream.js';
import type { Exchange, Failure } from './exchange.js';
import { explainNoConnection } from './no-connection.js';
import type { Protocol } from './protocol.js';
import { retryAfterOf } from './retry-after.js';
import type { Sending } from './sending.js';

/**
 * `ended`: the response came to its end, and the socket can carry another. `broken`: it did not, or we stopped it.
 * `dead`: a reused socket broke before a single byte of the answer.
 */
export type Outcome = 'ended' | 'broken' | 'dead';

/** Receives one answer: undici's handler, where instants are taken and bytes become events. */
export class Reception<Request> implements Dispatcher.DispatchHandler {
  readonly #protocol: Protocol<Request>;
  readonly #exchange: Exchange;
  readonly #connection: Connection;
  readonly #sending: Sending;
  /** Of the socket, when the request was written to it. */
  #bytesBefore: Connection['bytes'] | undefined;
  #reused = false;
  #stream: EventStream | undefined;
  #errorBody: ErrorBody | undefined;
  #settle: (outcome: Outcome) => void = () => undefined;
  #settled = false;

  constructor(protocol: Protocol<Request>, exchange: Exchange, connection: Connection, sending: Sending) {
    this.#protocol = protocol;
    this.#exchange = exchange;
    this.#connection = connection;
    this.#sending = sending;
  }

  receive(options: Dispatcher.DispatchOptions): Promise<Outcome> {
    const { clock, timeouts, signal } = this.#sending;
    const exchange = this.#exchange;
    return new Promise((resolve) => {
      const cancelTimer = clock.after(exchange.sentAt + timeouts.total - clock.now(), () =>
        this.#stop({ kind: 'timeout', message: `no end after ${timeouts.total / 1000} s` }),
      );
      const onAbort = () => {
        exchange.censored = !exchange.done;
        this.#stop();
      };
      this.#settle = (outcome) => {
        if (this.#settled) return;
        this.#settled = true;
        cancelTimer();
        signal?.removeEventListener('abort', onAbort);
        this.#note();
        resolve(outcome);
      };
      // Any number of requests may be in flight at once: no leak to warn of.
      if (signal) setMaxListeners(0, signal);
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted) {
        onAbort();
        return;
      }
      this.#connection.client.dispatch(options, this);
    });
  }

  onRequestStart(): void {
    // Asked only now: while the request waited, a dead socket may have been replaced.
    this.#reused = this.#connection.carried > 0;
    this.#bytesBefore = this.#connection.bytes;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Record<string, unknown>): void {
    if (status < 200) return;
    const exchange = this.#exchange;
    exchange.headersAt = this.#connection.readAt;
    exchange.status = status;
    const type = String(headers['content-type'] ?? '').toLowerCase();
    const coding = String(headers['content-encoding'] ?? '').toLowerCase();
    if (status >= 300) {
      const retryAfter = retryAfterOf(headers['retry-after'], Date.now());
      exchange.failure = {
        kind: 'http_status',
        message: `HTTP ${status}`,
        ...(retryAfter !== undefined && { retryAfter }),
      };
    } else if (type.startsWith('text/html') || type.startsWith('application/json')) {
      exchange.failure = { kind: 'malformed', message: `expected an event stream, got ${type}` };
    } else if (coding !== '' && coding !== 'identity') {
      exchange.failure = { kind: 'malformed', message: `the stream is compressed (${coding}), unasked` };
    }
    if (exchange.failure) {
      this.#errorBody = new ErrorBody(coding);
    } else {
      this.#stream = new EventStream(
        (event, at) => this.#onEvent(event, at),
        () => this.#stop({ kind: 'malformed', message: 'an event is longer than 8 MiB' }),
      );
    }
  }

  onResponseData(_: Dispatcher.DispatchController, bytes: Buffer): void {
    if (this.#settled) return;
    if (this.#stream) this.#stream.feed(bytes, this.#connection.readAt);
    else this.#errorBody?.add(bytes);
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    this.#connection.carried += 1;
    this.#judge();
    this.#settle('ended');
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#settled) return;
    const { bytes } = this.#connection;
    const unanswered = this.#reused && bytes.received === this.#bytesBefore?.received;
    this.#judge(failureOf(error, this.#exchange));
    this.#settle(unanswered && BROKEN_SOCKET.has(codeOf(error)) ? 'dead' : 'broken');
  }

  #onEvent(event: { event?: string | undefined; data: string }, at: number): void {
    if (this.#settled) return;
    const exchange = this.#exchange;
    const index = exchange.chunkAt.length;
    this.#protocol.decode(event, at, exchange);
    if (exchange.chunkAt.length > index) this.#sending.onOutput?.(exchange, index);
    if (exchange.failure) this.#stop();
  }

  /** Ends the exchange now, whatever the server still has to say; the socket is thrown away. */
  #stop(failure?: Failure): void {
    if (!this.#exchange.censored) this.#judge(failure);
    this.#settle('broken');
  }

  /** Nothing more will come, in order or because of `cause`: was it an answer? */
  #judge(cause?: Failure): void {
    const exchange = this.#exchange;
    if (this.#errorBody && exchange.failure) {
      // A response that is no stream explains itself in its body.
      const said = this.#errorBody.explain(this.#sending.target.redact);
      if (said) exchange.failure = { ...exchange.failure, message: `${exchange.failure.message}: ${said}` };
    } else if (cause && !exchange.done && !(exchange.finishReason && cause.kind === 'stream_cut')) {
      // A stream that has said it was complete is complete, however its socket ends.
      exchange.failure ??= cause;
    } else if (!exchange.done && !exchange.finishReason) {
      exchange.failure ??= { kind: 'stream_cut', message: 'the stream ended without a finish reason or [DONE]' };
    } else if (exchange.firstTokenAt === undefined) {
      exchange.failure ??= { kind: 'empty', message: 'the answer had no token' };
    }
  }

  /** What the socket knows of the exchange. */
  #note(): void {
    const exchange = this.#exchange;
    const { bytes, openedAt } = this.#connection;
    exchange.endedAt = this.#sending.clock.now();
    if (openedAt >= exchange.sentAt) exchange.connectedAt = openedAt;
    if (!this.#bytesBefore) return;
    exchange.bytesSent += bytes.sent - this.#bytesBefore.sent;
    exchange.bytesReceived += bytes.received - this.#bytesBefore.received;
  }
}

/** Codes of a socket that broke under a request. */
const BROKEN_SOCKET = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'ECONNABORTED']);
const TIMEOUTS: Readonly<Record<string, string>> = {
  UND_ERR_HEADERS_TIMEOUT: 'no response in time',
  UND_ERR_BODY_TIMEOUT: 'the stream fell silent',
};

function failureOf(error: Error, exchange: Exchange): Failure {
  const code = codeOf(error);
  const late = TIMEOUTS[code];
  if (late) return { kind: 'timeout', message: late };
  // The parser's errors have a name but no code. An answer that breaks off is one of them, and yet it was HTTP.
  if (error.name === 'HTTPParserError' && !error.message.includes('EOF')) {
    return { kind: 'malformed', message: `not HTTP: ${error.message}` };
  }
  if (exchange.headersAt !== undefined) {
    return { kind: 'stream_cut', message: `the connection broke: ${error.message}` };
  }
  return { kind: 'connect', message: explainNoConnection(error).why };
}

function codeOf(error: Error): string {
  return (error as { code?: string }).code ?? '';
}
