import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Dispatcher } from 'undici';
import type { Clock } from '../../clock.js';
import { lazily } from '../../lazy-require.js';
import type { Opening } from './connect-timings.js';
import type { Sender } from './dispatch-handler.js';
import { type Below, Http1 } from './http1.js';
import { Http2 } from './http2.js';
import { type Attempt, type OnRead, openSocket } from './open-socket.js';
import { Reads } from './read-timestamps.js';
import type { Route, Transport } from './transport.js';

const NEVER: Opening = { startedAt: 0, lookedUpAt: 0, connectedAt: 0, securedAt: 0 };

const undici = lazily<typeof import('undici')>('undici');

/**
 * One socket's worth of HTTP client: at most one request at a time, kept alive between requests.
 * It knows when bytes left the socket: one instant per read, before anything is parsed.
 */
export class Connection {
  /** When the socket was read. */
  readonly reads: Reads;
  /** When the present socket was opened. */
  openedAt = 0;
  /** Requests that the present socket has carried to their end. */
  carried = 0;
  readonly #clock: Clock;
  readonly #route: Route;
  readonly #http2: Http2 | undefined;
  readonly #http1: Http1;
  #client: Dispatcher | undefined;
  #attempt: Attempt | undefined;
  #socket: Socket | undefined;
  #bytesRead = 0;

  /** `origin` is scheme, host and port of any server, or `unix:` and a path. */
  constructor(origin: string, transport: Transport, clock: Clock) {
    this.#clock = clock;
    const route = transport.routeTo(origin);
    this.#route = route;
    const reads = new Reads(clock);
    this.reads = reads;
    this.#http2 = route.offersHttp2
      ? new Http2({ origin, clock, reads, open: (done) => this.#open(done), onRead: () => this.#noteRead() })
      : undefined;
    this.#http1 = new Http1({ clock, reads, ...addressing(route), open: (onRead, done) => this.#open(done, onRead) });
  }

  /** Sends a request whose body, if any, is a text or bytes, and tells of each read at once. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Sender): void {
    const inHttp1 = (socket?: Socket) => {
      if (socket) this.#http1.adopt(socket);
      this.#http1.dispatch(options, handler);
    };
    if (this.#http2) this.#http2.dispatch(options, handler, inHttp1);
    else inHttp1();
  }

  /** Undici's client, for what is asked beside the load and in no hurry. A connection is for one of the two. */
  get client(): Dispatcher {
    this.#client ??= this.#openClient();
    return this.#client;
  }

  #openClient(): Dispatcher {
    const { Client } = undici();
    const http2 = this.#http2;
    const client = new Client(this.#route.origin, {
      pipelining: 1,
      keepAliveTimeout: 600_000,
      keepAliveMaxTimeout: 600_000,
      connect: (_, callback) => {
        const done: Opened = (error, socket) => {
          if (!socket) return callback(error ?? new Error('no socket'), null);
          // Attached before undici's own listener, so it runs before undici reads.
          socket.on('readable', () => {
            if (socket.readableLength > 0) this.reads.note();
          });
          callback(null, socket);
        };
        if (http2) http2.take(done);
        else this.#open(done);
      },
    });
    if (http2) return client.compose(http2.intercept);
    const { proxy, tls } = this.#route;
    return proxy && !tls ? client.compose(askProxy(this.#route, proxy.authorization)) : client;
  }

  #open(done: Opened, onRead?: OnRead): void {
    this.#attempt = openSocket(
      this.#route,
      this.#clock,
      (error, socket) => {
        if (socket) this.#watch(socket);
        done(error, socket);
      },
      onRead,
    );
  }

  /** How the present socket came about, or the one that is being opened. */
  get opening(): Opening {
    return this.#attempt?.opening ?? NEVER;
  }

  /** Bytes that have crossed the present socket since it was opened. */
  get bytes(): { readonly sent: number; readonly received: number } {
    return { sent: this.#socket?.bytesWritten ?? 0, received: this.#socket?.bytesRead ?? 0 };
  }

  /** What really happened: undici has errors of its own to say that a socket is gone, and forgets why it went. */
  causeOf(error: Error): Error {
    return this.#attempt?.error ?? error;
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
    this.#attempt?.cancel();
    this.#http1.destroy();
    this.#client?.destroy().catch(() => undefined);
  }

  /** HTTP/2 reads below the socket, which then tells nothing: it was read when more bytes are in than before. */
  #noteRead(): void {
    const read = this.#attempt?.bytesRead ?? 0;
    if (read === this.#bytesRead) return;
    this.#bytesRead = read;
    this.reads.note();
  }

  #watch(socket: Socket): void {
    this.#socket = socket;
    this.openedAt = this.#clock.now();
    this.carried = 0;
    socket.once('close', () => {
      this.carried = 0;
    });
  }
}

type Opened = (error: Error | null, socket: Socket | null) => void;

/** How requests are addressed: for a proxy by whole URLs, and saying who we are. */
function addressing({ origin, proxy, tls }: Route): Pick<Below, 'prefix' | 'headers'> {
  const { host } = new URL(origin);
  if (!proxy || tls) return { prefix: '', headers: { host, connection: 'keep-alive' } };
  const { authorization } = proxy;
  return {
    prefix: origin,
    headers: { host, connection: 'keep-alive', ...(authorization && { 'proxy-authorization': authorization }) },
  };
}

/** Addresses plain requests to a proxy: their paths become whole URLs, and they say who we are. */
function askProxy({ origin }: Route, authorization: string | undefined): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    const { headers } = options;
    const isList = Array.isArray(headers);
    const named = authorization === undefined ? {} : { 'proxy-authorization': authorization };
    const all = isList ? [...headers, ...Object.entries(named).flat()] : { ...headers, ...named };
    return dispatch({ ...options, path: origin + options.path, headers: all }, handler);
  };
}

/** One user's sockets to one origin: as many as it has requests in flight, reused in the order last used first. */
export class ConnectionSet {
  readonly #origin: string;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #idle: Connection[] = [];
  #closed = false;

  constructor(origin: string, transport: Transport, clock: Clock) {
    this.#origin = origin;
    this.#transport = transport;
    this.#clock = clock;
  }

  acquire(): Connection {
    return this.#idle.pop() ?? this.fresh();
  }

  fresh(): Connection {
    return new Connection(this.#origin, this.#transport, this.#clock);
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
