import { messageOf } from '../errors.js';
import { afterReads } from './after-reads.js';
import { AnswerLimits, type LimitedRequest } from './answer-limits.js';
import type { Decoder, EventSink, WireEvent } from './body/decoder.js';
import { ErrorBody } from './body/error-body.js';
import { type Exchange, type Failure, recordOutput } from './exchange.js';
import { failureOf } from './failure.js';
import { InterruptionWatch } from './interruptions.js';
import { faultOf, refusalOf } from './judge-answer.js';
import { PendingText } from './pending-text.js';
import { type AnyRequest, framingOf, type Protocol } from './protocols/protocol.js';
import { Recognition } from './recognition.js';
import type { RequestContext } from './request-context.js';
import { codeOf } from './transport/connect-error.js';
import type { Connection } from './transport/connection.js';
import type { OpenBody } from './transport/connection-set.js';
import type { DispatchHandler } from './transport/dispatch-handler.js';
import type { Outcome } from './transport/outcome.js';
import { SocketUse } from './transport/socket-use.js';
import { canUnpack, Unpacker } from './transport/unpacker.js';
import type { WireRequest } from './transport/wire-request.js';

/** Dispatch handler of one answer: takes the instants and decodes events. */
export class ResponseHandler<Request extends AnyRequest>
  implements DispatchHandler, EventSink, OpenBody, LimitedRequest
{
  readonly #protocol: Protocol<Request>;
  readonly #exchange: Exchange;
  readonly #connection: Connection;
  readonly #socketUse: SocketUse;
  readonly #context: RequestContext;
  /** End of the body, where it ended in order. */
  #endedAt: number | undefined;
  #body: Decoder | undefined;
  #unpacker: Unpacker | undefined;
  #errorBody: ErrorBody | undefined;
  /** Text of recognized events that the exchange does not have yet. */
  readonly #pending = new PendingText();
  readonly #recognition: Recognition<Request>;
  #resolve: ((outcome: Outcome) => void) | undefined;
  #watch: InterruptionWatch | undefined;
  #settled = false;
  /** Callback for the end of a body that was left. */
  #onOver: ((hasEnded: boolean) => void) | undefined;
  readonly #limits: AnswerLimits;

  constructor(protocol: Protocol<Request>, exchange: Exchange, connection: Connection, context: RequestContext) {
    this.#protocol = protocol;
    this.#exchange = exchange;
    this.#connection = connection;
    this.#socketUse = new SocketUse(connection);
    this.#context = context;
    this.#recognition = new Recognition(protocol, exchange);
    this.#limits = new AnswerLimits(context, connection, exchange.sentAt, this);
  }

  receive(options: WireRequest): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#watch = new InterruptionWatch(this.#context, this);
      if (this.#settled) this.#watch.end();
      else this.#connection.dispatch(options, this);
    });
  }

  #settle(outcome: Outcome): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#watch?.end();
    this.#limits.end();
    this.#unpacker?.stop();
    const exchange = this.#exchange;
    this.#pending.moveTo(exchange);
    exchange.endedAt = this.#endedAt ?? this.#context.clock.now();
    if (this.#connection.openedAt >= exchange.sentAt) exchange.connectedAt = this.#connection.openedAt;
    this.#socketUse.addBytes(exchange);
    const resolve = () => this.#resolve?.(outcome);
    if (outcome === 'ended') afterReads(this.#context.clock).add(resolve);
    else resolve();
  }

  onRequestStart(): void {
    this.#socketUse.begin();
  }

  onResponseStart(status: number, headers: Record<string, unknown>): void {
    if (status < 200) return;
    const exchange = this.#exchange;
    exchange.headersAt = this.#connection.reads.at;
    exchange.status = status;
    exchange.simulated = headers.server === 'tokenswarm-simulator';
    const framing = framingOf(this.#protocol, exchange);
    const coding = String(headers['content-encoding'] ?? '').toLowerCase();
    exchange.failure = refusalOf(status, headers, coding, framing);
    if (exchange.failure) {
      this.#errorBody = new ErrorBody(coding);
      return;
    }
    const body = framing.open(this);
    this.#body = body;
    if (!canUnpack(coding)) return;
    this.#unpacker = new Unpacker(
      coding,
      (bytes, at) => this.#settled || this.#read(body, bytes, 0, bytes.length, at),
      (error) => this.stop({ kind: 'malformed', message: `the answer cannot be decompressed: ${error.message}` }),
    );
  }

  onBytes(bytes: Buffer, from: number, to: number, at: number): void {
    if (this.#settled) return;
    this.#exchange.bodyBytes += to - from;
    if (this.#unpacker) this.#unpacker.write(Buffer.from(bytes.subarray(from, to)), at);
    else if (this.#body) this.#read(this.#body, bytes, from, to, at);
    else this.#errorBody?.add(Buffer.from(bytes.subarray(from, to)));
  }

  /** Pattern of further events. Undefined where a script listens to each of them. */
  pattern(): Decoder['pattern'] {
    const isReadHere = this.#settled || this.#unpacker || this.#context.onToken;
    return isReadHere || this.#exchange.done ? undefined : this.#body?.pattern;
  }

  onRecognized(bytes: Buffer, from: number, to: number, at: number, size: number): void {
    this.#exchange.bodyBytes += size;
    this.#limits.addBytes(size);
    this.onText(bytes, from, to, at);
  }

  onResponseEnd(): void {
    const connection = this.#connection;
    const isLeft = this.#settled;
    if (isLeft && !this.#onOver) return;
    connection.recordEnd();
    this.#onOver?.(true);
    if (isLeft) return;
    if (this.#endedAt !== undefined) connection.habits.recordEnd(true);
    this.#endedAt ??= connection.reads.at;
    this.#finish('ended');
  }

  onResponseError(error: Error): void {
    this.#onOver?.(false);
    if (this.#settled) return;
    const cause = codeOf(error) === 'UND_ERR_SOCKET' ? this.#connection.causeOf(error) : error;
    this.#finish(this.#socketUse.outcomeOf(codeOf(cause)), failureOf(cause, this.#exchange));
  }

  /** Feeds the decoder, or ends it. Its exceptions are this request's failure. */
  #read(body: Decoder, bytes?: Buffer, from = 0, to = 0, at = 0): void {
    this.#limits.addBytes(to - from);
    try {
      if (bytes) body.feed(bytes, from, to, at);
      else body.end();
    } catch (error) {
      this.stop({ kind: 'malformed', message: `the answer cannot be read: ${messageOf(error)}` });
    }
  }

  /** Ends the exchange after the bytes in the decompressor are decoded. */
  #finish(outcome: Outcome, cause?: Failure): void {
    const finish = () => {
      if (this.#settled) return;
      // What was whole when the connection broke is as good as ever.
      if (this.#body && (!cause || this.#exchange.streamed)) this.#read(this.#body);
      if (this.#settled) return;
      this.#judge(cause);
      this.#settle(outcome);
    };
    if (this.#unpacker) this.#unpacker.end(finish);
    else finish();
  }

  /** Decodes an event. What comes after the end is no part of the answer. */
  onEvent(event: WireEvent, at: number): void {
    const exchange = this.#exchange;
    if (this.#settled || exchange.done) return;
    const known = exchange.chunkAt.length;
    this.#pending.moveTo(exchange);
    this.#protocol.decode(event, at, exchange);
    if (exchange.chunkAt.length > known) this.#emit(known);
    if (exchange.failure) this.stop();
    else if (exchange.done && exchange.streamed && !this.#settled) this.#complete(at);
    else if (exchange.finishReason !== undefined && exchange.streamed) this.#limits.noteFinish();
  }

  /** Ends a complete answer once its body ends, or after a moment. It may have ended before it was decompressed. */
  #complete(at: number): void {
    if (this.#endedAt === undefined) this.#limits.awaitEnd();
    this.#endedAt = at;
  }

  leave(): void {
    this.#judge();
    this.#settle('left');
  }

  whenOver(listener: (hasEnded: boolean) => void): void {
    this.#onOver = listener;
  }

  onTooLong(what: string): void {
    this.stop({ kind: 'malformed', message: `${what} is longer than 8 MiB` });
  }

  template(event: WireEvent): ReturnType<Recognition['learn']> {
    return this.#recognition.learn(event);
  }

  onText(bytes: Buffer, from: number, to: number, at: number): void {
    const exchange = this.#exchange;
    if (this.#settled || exchange.done) return;
    this.#pending.add(bytes, from, to);
    recordOutput(exchange, at, 1, exchange.recognized, this.#context.onToken && bytes.toString('utf8', from, to));
    this.#emit(exchange.chunkAt.length - 1);
    if (exchange.failure) this.stop();
  }

  /** Calls the listeners for the output event with this index. */
  #emit(index: number): void {
    if (index === 0) this.#limits.noteFirstToken();
    this.#context.onOutput?.(this.#exchange, index);
    const verdict = this.#context.onToken?.(this.#exchange, index);
    if (verdict) this.#applyVerdict(verdict);
  }

  /** Applies the script's verdict: ends the request as a success or failed. */
  #applyVerdict(verdict: 'enough' | Failure): void {
    const exchange = this.#exchange;
    if (this.#settled || exchange.failure) return;
    if (verdict === 'enough') [exchange.done, exchange.finishReason] = [true, 'aborted'];
    this.stop(verdict === 'enough' ? undefined : verdict);
  }

  /** Ends the exchange now. The socket is closed, for it may have unread bytes. */
  stop(failure?: Failure, isCensored = false): void {
    this.#connection.drain();
    if (this.#settled) return;
    if (isCensored) this.#exchange.censored = !this.#exchange.done;
    if (!this.#exchange.censored) this.#judge(failure);
    this.#settle('broken');
  }

  /** Decides success or failure at the end of a response. `cause` is what cut it short. */
  #judge(cause?: Failure): void {
    const exchange = this.#exchange;
    const { redact } = this.#context.target.secrets;
    if (this.#errorBody && exchange.failure) exchange.failure = this.#errorBody.explain(exchange.failure, redact);
    else exchange.failure ??= faultOf(exchange, cause);
  }
}
