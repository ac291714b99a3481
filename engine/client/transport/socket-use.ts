import type { Connection } from './connection.js';
import type { Outcome } from './outcome.js';

/** Error codes of a socket that broke during a request. */
const BROKEN_SOCKET = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** Use of a socket by one request: bytes, and signs of death. */
export class SocketUse {
  readonly #connection: Connection;
  #reused = false;
  #before: Connection['bytes'] | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Begins when the request is written. While it waited, a dead socket may have been replaced. */
  begin(): void {
    this.#reused = this.#connection.carried > 0;
    this.#before = this.#connection.bytes;
  }

  /** Outcome of an error with this code. `dead` where a reused socket broke before any byte of the response. */
  outcomeOf(code: string): Outcome {
    const unanswered = this.#reused && this.#connection.bytes.received === this.#before?.received;
    return unanswered && BROKEN_SOCKET.has(code) ? 'dead' : 'broken';
  }

  /** Adds the bytes since `begin()` to an exchange. False where nothing was written. */
  addBytes(exchange: { bytesSent: number; bytesReceived: number }): boolean {
    if (!this.#before) return false;
    const { sent, received } = this.#connection.bytes;
    exchange.bytesSent += sent - this.#before.sent;
    exchange.bytesReceived += received - this.#before.received;
    return true;
  }
}
