import type { Clock } from '../../clock.js';
import { Connection } from './connection.js';
import type { Outcome } from './outcome.js';
import { MOMENT } from './socket-habits.js';
import type { Transport } from './transport.js';

/** Maximum time a body may stay open after its answer, in ms. */
const LONGEST_LINGERING = 1000;

/** Open body of a complete answer. */
export interface OpenBody {
  /** Calls back at the end of the body. `hasEnded` is false where the connection broke. */
  whenOver(listener: (hasEnded: boolean) => void): void;
}

/** Sockets of one user to one origin. There is one for each request in flight; the last used is reused first. */
export class ConnectionSet {
  readonly #origin: string;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #idle: Connection[] = [];
  readonly #lingering = new Set<Connection>();
  #closed = false;

  constructor(origin: string, transport: Transport, clock: Clock) {
    this.#origin = origin;
    this.#transport = transport;
    this.#clock = clock;
  }

  acquire(): Connection {
    const idle = this.#idle.pop();
    if (!idle || idle.habits.keepsSockets) return idle ?? this.fresh();
    idle.close();
    return this.acquire();
  }

  fresh(): Connection {
    return new Connection(this.#origin, this.#transport, this.#clock);
  }

  /** Takes a connection back after a request. One with an open body is held until that ends. */
  giveBack(connection: Connection, outcome: Outcome, body: OpenBody): void {
    if (outcome === 'ended') this.release(connection);
    else if (outcome === 'left') this.#linger(connection, body);
    else connection.close();
  }

  release(connection: Connection): void {
    if (this.#closed || !connection.habits.keepsSockets) connection.close();
    else this.#idle.push(connection);
  }

  /** Holds a connection with an open body. It is released if the body ends soon, else closed. */
  #linger(connection: Connection, body: OpenBody): void {
    if (this.#closed) {
      connection.close();
      return;
    }
    this.#lingering.add(connection);
    const since = this.#clock.now();
    const leave = (hasEnded: boolean) => {
      cancelTimer();
      connection.habits.recordEnd(hasEnded && this.#clock.now() - since <= MOMENT);
      if (!this.#lingering.delete(connection)) return;
      if (hasEnded) this.release(connection);
      else connection.close();
    };
    const cancelTimer = this.#clock.after(LONGEST_LINGERING, () => leave(false));
    body.whenOver(leave);
  }

  /** Closes the idle sockets now, and the others on release. */
  close(): void {
    this.#closed = true;
    for (const connection of [...this.#idle.splice(0), ...this.#lingering]) connection.close();
    this.#lingering.clear();
  }
}
