import { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { buildConnector, Client } from 'undici';
import type { Clock } from '../clock.js';

/** Sockets are opened within this time or not at all, in milliseconds. */
const CONNECT_TIMEOUT = 10_000;

/** When a socket was opened, step by step; 0 for a step that it did not take. */
export interface Opening {
  readonly startedAt: number;
  /** The host's name was looked up. */
  readonly lookedUpAt: number;
  /** TCP was connected. */
  readonly connectedAt: number;
  /** TLS was agreed on. */
  readonly securedAt: number;
}

/**
 * One socket's worth of HTTP client: at most one request at a time, kept alive between requests.
 * It knows when bytes left the socket, which undici does not tell: one instant per read, before anything is parsed.
 */
export class Connection {
  readonly client: Client;
  /** When the socket was last read. */
  readAt = 0;
  /** When it first had something to read since this was set to 0. */
  firstReadAt = 0;
  /** When the present socket was opened. */
  openedAt = 0;
  /** How the present socket came about. */
  opening: Opening = { startedAt: 0, lookedUpAt: 0, connectedAt: 0, securedAt: 0 };
  /** Requests that the present socket has carried to their end. */
  carried = 0;
  /** The present socket, or the one that is being opened. */
  #socket: Socket | undefined;

  constructor(origin: string, clock: Clock) {
    const open = buildConnector({ timeout: CONNECT_TIMEOUT });
    this.client = new Client(origin, {
      pipelining: 1,
      keepAliveTimeout: 600_000,
      keepAliveMaxTimeout: 600_000,
      connect: (options, callback) => {
        // Undici's types hide that the socket is given back before it is open.
        const opening: unknown = open(options, (...opened) => {
          const socket = opened[1];
          if (socket) {
            this.openedAt = clock.now();
            this.carried = 0;
            // Attached before undici's own listener, so it runs before undici reads.
            socket.on('readable', () => {
              this.readAt = clock.now();
              if (this.firstReadAt === 0 && socket.readableLength > 0) this.firstReadAt = this.readAt;
            });
            socket.once('close', () => {
              this.carried = 0;
            });
          }
          callback(...opened);
        });
        if (opening instanceof Socket) this.#watch(opening, clock);
      },
    });
  }

  #watch(socket: Socket, clock: Clock): void {
    this.#socket = socket;
    this.opening = { startedAt: clock.now(), lookedUpAt: 0, connectedAt: 0, securedAt: 0 };
    const steps = { lookup: 'lookedUpAt', connect: 'connectedAt', secureConnect: 'securedAt' } as const;
    for (const [event, step] of Object.entries(steps)) {
      socket.once(event, () => {
        this.opening = { ...this.opening, [step]: clock.now() };
      });
    }
  }

  /** Bytes that have crossed the present socket since it was opened. */
  get bytes(): { readonly sent: number; readonly received: number } {
    return { sent: this.#socket?.bytesWritten ?? 0, received: this.#socket?.bytesRead ?? 0 };
  }

  /** The other end of the present socket. */
  get remote(): { readonly ip: string; readonly port: number } {
    return { ip: this.#socket?.remoteAddress ?? '', port: this.#socket?.remotePort ?? 0 };
  }

  /** The HTTP version that the present socket speaks. */
  get proto(): string {
    const { alpnProtocol } = (this.#socket ?? {}) as Partial<TLSSocket>;
    return alpnProtocol === 'h2' ? 'HTTP/2.0' : 'HTTP/1.1';
  }

  /** Calls back as soon as the kernel has taken all that was written: at once, as a rule. */
  whenTaken(tell: () => void): void {
    if (this.#socket?.writableNeedDrain) this.#socket.once('drain', tell);
    else tell();
  }

  /** Throws the socket away, also one that is only being opened. */
  close(): void {
    this.client.destroy().catch(() => undefined);
    this.#socket?.destroy();
  }
}

/** One user's sockets to one origin: as many as it has requests in flight, reused in the order last used first. */
export class ConnectionSet {
  readonly #origin: string;
  readonly #clock: Clock;
  readonly #idle: Connection[] = [];
  #closed = false;

  constructor(origin: string, clock: Clock) {
    this.#origin = origin;
    this.#clock = clock;
  }

  acquire(): Connection {
    return this.#idle.pop() ?? new Connection(this.#origin, this.#clock);
  }

  fresh(): Connection {
    return new Connection(this.#origin, this.#clock);
  }

  release(connection: Connection): void {
    if (this.#closed) connection.close();
    else this.#idle.push(connection);
  }

  /** Closes the idle sockets now and the others when they are released. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#idle.splice(0)) connection.close();
  }
}
