import type { Clock } from '../../clock.js';
import type { Connection } from '../transport/connection.js';
import type { DispatchHandler } from '../transport/dispatch-handler.js';
import type { Outcome } from '../transport/outcome.js';
import { SocketUse } from '../transport/socket-use.js';
import type { WireRequest } from '../transport/wire-request.js';
import type { RawHeaders } from './headers.js';
import { type HttpError, HttpErrorCode, httpErrorOf } from './http-error.js';
import type { HttpExchange } from './http-exchange.js';
import { LONGEST_BODY, TOO_LONG } from './unpack.js';

/** Receives one response: takes the instants and collects the body. */
export class HttpResponseHandler implements DispatchHandler {
  readonly #exchange: HttpExchange;
  readonly #connection: Connection;
  readonly #socketUse: SocketUse;
  readonly #clock: Clock;
  readonly #keepsBody: boolean;
  #settle: (outcome: Outcome) => void = () => undefined;
  #settled = false;

  constructor(exchange: HttpExchange, connection: Connection, clock: Clock, keepsBody: boolean) {
    this.#exchange = exchange;
    this.#connection = connection;
    this.#socketUse = new SocketUse(connection);
    this.#clock = clock;
    this.#keepsBody = keepsBody;
  }

  receive(options: WireRequest): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#connection.dispatch(options, this);
    });
  }

  /** Ends the exchange now: failed with an error, or censored without one. */
  stop(error: HttpError | undefined): void {
    if (this.#settled) return;
    this.#exchange.error = error;
    this.#exchange.censored = error === undefined;
    this.#end('broken', this.#clock.now());
  }

  onRequestStart(): void {
    this.#socketUse.begin();
    this.#connection.reads.expectFirst();
    this.#exchange.startedAt = this.#clock.now();
  }

  onWritten(): void {
    this.#connection.whenTaken(() => {
      this.#exchange.wroteAt ??= this.#clock.now();
    });
  }

  onResponseStart(status: number, headers: RawHeaders, statusText = ''): void {
    if (status < 200) return;
    const exchange = this.#exchange;
    exchange.status = status;
    exchange.statusText = statusText;
    exchange.responseHeaders = headers;
  }

  onBytes(bytes: Buffer, from: number, to: number): void {
    if (this.#settled) return;
    this.#exchange.bodyBytes += to - from;
    if (this.#keepsBody && this.#exchange.bodyBytes > LONGEST_BODY) {
      this.#exchange.chunks.length = 0;
      this.stop({ code: HttpErrorCode.unknown, message: TOO_LONG, kind: 'malformed' });
      return;
    }
    // The next read may overwrite them.
    if (this.#keepsBody) this.#exchange.chunks.push(Buffer.from(bytes.subarray(from, to)));
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    this.#connection.recordEnd();
    this.#end('ended', this.#connection.reads.at);
  }

  onResponseError(error: Error): void {
    if (this.#settled) return;
    this.#exchange.error = httpErrorOf(this.#connection.causeOf(error));
    const { code = '' } = error as { code?: string };
    this.#end(this.#socketUse.outcomeOf(code), this.#clock.now());
  }

  /** Records the connection's figures in the exchange and settles it. */
  #end(outcome: Outcome, at: number): void {
    this.#settled = true;
    const exchange = this.#exchange;
    const connection = this.#connection;
    exchange.endedAt = at;
    // A socket that could not be opened was tried for this exchange as well.
    if (connection.opening.startedAt >= exchange.sentAt) exchange.opening = connection.opening;
    if (this.#socketUse.addBytes(exchange)) {
      const { remote } = connection;
      if (connection.reads.firstAt > 0) exchange.firstByteAt = connection.reads.firstAt;
      exchange.proto = connection.proto;
      exchange.remoteIp = remote.ip;
      exchange.remotePort = remote.port;
    }
    this.#settle(outcome);
  }
}
