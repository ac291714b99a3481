import type { Clock } from '../../clock.js';
import { ConnectionSet } from './connection-set.js';
import type { Transport } from './transport.js';

/** Sockets of one user, by the server's origin. */
export class OriginConnections {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #sets = new Map<string, ConnectionSet>();

  constructor(transport: Transport, clock: Clock) {
    this.#transport = transport;
    this.#clock = clock;
  }

  /** Sockets to an origin. */
  to(origin: string): ConnectionSet {
    const known = this.#sets.get(origin);
    if (known) return known;
    const connections = new ConnectionSet(origin, this.#transport, this.#clock);
    this.#sets.set(origin, connections);
    return connections;
  }

  close(): void {
    for (const set of this.#sets.values()) set.close();
  }
}
