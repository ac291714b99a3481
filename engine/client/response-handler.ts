import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';
import { messageOf } from '../errors.js';
import type { Decoder, Notice, WireEvent } from './body/decoder.js';
import { ErrorBody } from './body/error-body.js';
import { type Exchange, type Failure, isEmpty, noteOutput } from './exchange.js';
import { BROKEN_SOCKET, failureOf } from './failure.js';
import { PendingText } from './pending-text.js';
import { type AnyRequest, framingOf, type Protocol } from './protocols/protocol.js';
import type { OutputListener, Sending, TokenListener } from './request-context.js';
import { retryAfterOf } from './retry-after.js';
import type { EventTemplate } from './sse/event-template.js';
import { codeOf } from './transport/connect-error.js';
import type { Connection } from './transport/connection.js';
import type { Sender } from './transport/dispatch-handler.js';
import { canUnpack, Unpacker } from './transport/unpacker.js';

/**
 * State of the socket after a response. `ended`: complete, and the socket can carry another request. `broken`:
 * incomplete, or stopped by us. `dead`: a reused socket broke before any byte of the response.
 */
export type Outcome = 'ended' | 'broken' | 'dead';

/** Dispatch handler of one answer: takes the instants and decodes events. */
export class Reception<Request extends AnyRequest> implements Sender, Notice {
  readonly #protocol: Protocol<Request>;
  readonly #exchange: Exchange;
  readonly #connection: Connection;
  readonly #sending: Sending;
  readonly #onOutput: OutputListener | undefined;
  readonly #onToken: TokenListener | undefined;
  /** Bytes of the socket when the request was written to it. */
  #bytesBefore: Connection['bytes'] | undefined;
  #reused = false;
  /** End of the body, where it ended in order. */
  #endedAt: number | undefined;
  #body: Decoder | undefined;
  /** Decompressor of a compressed body. We ask for plain ones. */
  #unpacker: Unpacker | undefined;
  #errorBody: ErrorBody | undefined;
  /** Text of events since the last append to `exchange.text`. */
  readonly #pending = new PendingText();
  #settle: (outcome: Outcome) => void = () => undefined;
  #settled = false;

  constructor(protocol: Protocol<Request>, exchange: Exchange, connection: Connection, sending: Sending) {
    this.#protocol = protocol;
    this.#exchange = exchange;
    this.#connection = connection;
    this.#sending = sending;
    this.#onOutput = sending.onOutput;
    this.#onToken = sending.onToken;
  }

  receive(options: Dispatcher.DispatchOptions): Promise<Outcome> {
    const { clock, timeouts, signal, cancel } = this.#sending;
    const exchange = this.#exchange;
    return new Promise((resolve) => {
      const cancelTimer = clock.after(exchange.sentAt + timeouts.total - clock.now(), () =>
        this.#stop({ kind: 'timeout', message: `no end after ${timeouts.total / 1000} s` }),
      );
      const onAbort = () => {
        exchange.censored = !exchange.done;
        this.#stop();
      };
      const onCancel = () =>
        this.#stop({ kind: 'cancelled', message: `the script's signal aborted: ${messageOf(cancel?.reason)}` });
      this.#settle = (outcome) => {
        if (this.#settled) return;
        this.#settled = true;
        cancelTimer();
        signal?.removeEventListener('abort', onAbort);
        cancel?.removeEventListener('abort', onCancel);
        this.#note();
        resolve(outcome);
      };
      // Any number of requests may be in flight at once: no leak to warn of.
      if (signal) setMaxListeners(0, signal);
      if (cancel) setMaxListeners(0, cancel);
      signal?.addEventListener('abort', onAbort, { once: true });
      cancel?.addEventListener('abort', onCancel, { once: true });
      if (signal?.aborted) onAbort();
      else if (cancel?.aborted) onCancel();
      else this.#connection.dispatch(options, this);
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
    exchange.headersAt = this.#connection.reads.at;
    exchange.status = status;
    exchange.simulated = headers.server === 'tokenswarm-simulator';
    const framing = framingOf(this.#protocol, exchange);
    const type = String(headers['content-type'] ?? '').toLowerCase();
    const coding = String(headers['content-encoding'] ?? '').toLowerCase();
    if (status >= 300) {
      const who = status === 407 ? ', the proxy wants a user and a password' : '';
      const retryAfter = retryAfterOf(headers['retry-after'], Date.now());
      exchange.failure = {
        kind: 'http_status',
        message: `HTTP ${status}${who}`,
        ...(retryAfter !== undefined && { retryAfter }),
      };
    } else if (framing.unfit.some((unfit) => type.startsWith(unfit))) {
      exchange.failure = { kind: 'malformed', message: `expected ${framing.name}, got ${type}` };
    } else if (coding !== '' && coding !== 'identity' && !canUnpack(coding)) {
      exchange.failure = { kind: 'malformed', message: `the answer is compressed unasked, and unreadably (${coding})` };
    }
    if (exchange.failure) {
      this.#errorBody = new ErrorBody(coding);
      return;
    }
    const body = framing.open(this);
    this.#body = body;
    if (canUnpack(coding)) this.#unpacker = this.#unpackInto(body, coding);
  }

  onBytes(bytes: Buffer, from: number, to: number, at: number): void {
    if (this.#settled) return;
    this.#exchange.bodyBytes += to - from;
    if (this.#unpacker) this.#unpacker.write(Buffer.from(bytes.subarray(from, to)), at);
    else if (this.#body) this.#body.feed(bytes, from, to, at);
    else this.#errorBody?.add(Buffer.from(bytes.subarray(from, to)));
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    this.#connection.carried += 1;
    this.#endedAt = this.#connection.reads.at;
    this.#finish('ended');
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#settled) return;
    const { bytes } = this.#connection;
    const unanswered = this.#reused && bytes.received === this.#bytesBefore?.received;
    const cause = codeOf(error) === 'UND_ERR_SOCKET' ? this.#connection.causeOf(error) : error;
    const outcome = unanswered && BROKEN_SOCKET.has(codeOf(cause)) ? 'dead' : 'broken';
    this.#finish(outcome, failureOf(cause, this.#exchange));
  }

  #unpackInto(body: Decoder, coding: string): Unpacker {
    return new Unpacker(
      coding,
      (bytes, at) => {
        if (!this.#settled) body.feed(bytes, 0, bytes.length, at);
      },
      (error) => this.#stop({ kind: 'malformed', message: `the answer cannot be decompressed: ${error.message}` }),
    );
  }

  /** Ends the exchange after the bytes in the decompressor are decoded. */
  #finish(outcome: Outcome, cause?: Failure): void {
    const finish = () => {
      if (this.#settled) return;
      if (!cause) this.#body?.end();
      if (this.#settled) return;
      this.#judge(cause);
      this.#settle(outcome);
    };
    if (this.#unpacker) this.#unpacker.end(finish);
    else finish();
  }

  onEvent(event: WireEvent, at: number): void {
    if (this.#settled) return;
    const exchange = this.#exchange;
    const known = exchange.chunkAt.length;
    exchange.text += this.#pending.take();
    this.#protocol.decode(event, at, exchange);
    if (exchange.chunkAt.length > known) this.#tell(known);
    if (exchange.failure) this.#stop();
  }

  onTooLong(): void {
    this.#stop({ kind: 'malformed', message: framingOf(this.#protocol, this.#exchange).tooLong });
  }

  template(): EventTemplate | undefined {
    return this.#exchange.template;
  }

  onText(bytes: Buffer, from: number, to: number, at: number): void {
    if (this.#settled) return;
    const exchange = this.#exchange;
    this.#pending.add(bytes, from, to);
    noteOutput(exchange, at, 1, 'text', this.#onToken && bytes.toString('utf8', from, to));
    this.#tell(exchange.chunkAt.length - 1);
    if (exchange.failure) this.#stop();
  }

  /** Calls the listeners for the output event with this index. */
  #tell(index: number): void {
    this.#onOutput?.(this.#exchange, index);
    const verdict = this.#onToken?.(this.#exchange, index);
    if (verdict) this.#obey(verdict);
  }

  /** Applies the script's verdict: ends the request as a success or failed. */
  #obey(verdict: 'enough' | Failure): void {
    const exchange = this.#exchange;
    if (this.#settled || exchange.failure) return;
    if (verdict !== 'enough') {
      this.#stop(verdict);
      return;
    }
    exchange.done = true;
    exchange.finishReason = 'aborted';
    this.#stop();
  }

  /** Ends the exchange now. The socket is closed, for it may have unread bytes. */
  #stop(failure?: Failure): void {
    if (this.#settled) return;
    if (!this.#exchange.censored) this.#judge(failure);
    this.#settle('broken');
  }

  /** Decides success or failure at the end of a response. `cause` is what cut it short. */
  #judge(cause?: Failure): void {
    const exchange = this.#exchange;
    if (this.#errorBody && exchange.failure) {
      // An error response explains itself in its body.
      const said = this.#errorBody.explain(this.#sending.target.redact);
      if (said) exchange.failure = { ...exchange.failure, message: `${exchange.failure.message}: ${said}` };
    } else if (cause && !exchange.done && !(exchange.finishReason && cause.kind === 'stream_cut')) {
      // A stream that reported its end is complete, however its socket ends.
      exchange.failure ??= cause;
    } else if (!exchange.done && !exchange.finishReason) {
      exchange.failure ??= { kind: 'stream_cut', message: 'the stream ended without a finish reason or [DONE]' };
    } else if (isEmpty(exchange)) {
      exchange.failure ??= { kind: 'empty', message: 'the answer had no token' };
    }
  }

  /** Appends pending text, and records the connection's figures. */
  #note(): void {
    const exchange = this.#exchange;
    exchange.text += this.#pending.take();
    const { bytes, openedAt } = this.#connection;
    exchange.endedAt = this.#endedAt ?? this.#sending.clock.now();
    if (openedAt >= exchange.sentAt) exchange.connectedAt = openedAt;
    if (!this.#bytesBefore) return;
    exchange.bytesSent += bytes.sent - this.#bytesBefore.sent;
    exchange.bytesReceived += bytes.received - this.#bytesBefore.received;
  }
}
