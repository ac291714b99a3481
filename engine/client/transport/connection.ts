import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../clock.js';
import type { ConnectTimings } from './connect-timings.js';
import type { DispatchHandler } from './dispatch-handler.js';
import { type ConnectionPort, Http1 } from './http1.js';
import { Http2 } from './http2.js';
import { LazyTimer } from './lazy-timer.js';
import type { Attempt, OnRead } from './open-socket.js';
import { type Page, PageReader } from './page.js';
import { ReadTimestamps } from './read-timestamps.js';
import type { Route } from './route.js';
import type { SocketHabits } from './socket-habits.js';
import type { Transport } from './transport.js';
import type { WireRequest } from './wire-request.js';

const NEVER: ConnectTimings = { startedAt: 0, lookedUpAt: 0, connectedAt: 0, securedAt: 0 };

/**
 * HTTP connection for one request at a time, kept alive in between. Takes one instant per read of the socket, before
 * anything is parsed.
 */
export class Connection {
  /** Instants of socket reads. */
  readonly reads: ReadTimestamps;
  /** Instant at which the current socket was opened. */
  openedAt = 0;
  /** Requests completed on the current socket. */
  carried = 0;
  /** Time limit of the current request. */
  readonly limit: LazyTimer;
  /** Habits of the server in ending answers and sockets. */
  readonly habits: SocketHabits;
  readonly #clock: Clock;
  readonly #transport: Transport;
  readonly #route: Route;
  readonly #http2: Http2 | undefined;
  readonly #http1: Http1;
  /** Rejects the request beside the load that is under way. */
  #abandon: (() => void) | undefined;
  #attempt: Attempt | undefined;
  #socket: Socket | undefined;
  #bytesRead = 0;
  /** End of the latest answer, and whether we close the socket. */
  #freeAt = 0;
  #isGivenUp = false;

  /** Takes the scheme, host and port of a server. Or `unix:` and a socket's path. */
  constructor(origin: string, transport: Transport, clock: Clock) {
    this.#clock = clock;
    this.limit = new LazyTimer(clock);
    this.#transport = transport;
    const route = transport.routeTo(origin);
    this.habits = transport.habitsOf(origin);
    this.#route = route;
    const reads = new ReadTimestamps(clock);
    this.reads = reads;
    this.#http2 = route.offersHttp2
      ? new Http2({ origin, clock, reads, open: (done) => this.#open(done), onRead: () => this.#recordRead() })
      : undefined;
    this.#http1 = new Http1({
      clock,
      reads,
      ...addressing(route),
      isPlain: !route.tls && !route.proxyTls,
      native: isPlain(route) ? () => transport.readerFor(clock) : undefined,
      open: (onRead, done) => this.#open(done, onRead),
    });
  }

  /** Sends a request, and calls the handler at each read. A body is a string or bytes. */
  dispatch(options: WireRequest, handler: DispatchHandler): void {
    const inHttp1 = (socket?: Socket) => {
      if (socket) this.#http1.adopt(socket);
      this.#http1.dispatch(options, handler);
    };
    if (this.#http2) this.#http2.dispatch(options, handler, inHttp1);
    else inHttp1();
  }

  /**
   * Sends a request beside the load and reads its response. Rejects where there is none, or silence for longer than the
   * request says.
   */
  request(request: WireRequest): Promise<Page> {
    return new Promise((resolve, reject) => {
      this.#abandon = () => reject(new Error('the connection was closed'));
      const fail = (error: Error) => {
        reject(error);
        this.close();
      };
      this.dispatch(request, new PageReader(resolve, fail));
    });
  }

  #open(done: Opened, onRead?: OnRead): void {
    this.#attempt = this.#transport.open(
      this.#route,
      this.#clock,
      (error, socket) => {
        if (socket) this.#watch(socket);
        done(error, socket);
      },
      onRead,
    );
  }

  /** Steps of opening the current socket, or the one being opened. */
  get opening(): ConnectTimings {
    return this.#attempt?.opening ?? NEVER;
  }

  /** Bytes over the current socket since it was opened. */
  get bytes(): { readonly sent: number; readonly received: number } {
    const counted = this.#http1.bytes;
    return counted ?? { sent: this.#socket?.bytesWritten ?? 0, received: this.#socket?.bytesRead ?? 0 };
  }

  /** Original error of a socket. Undici reports a closed socket by errors of its own, without the cause. */
  causeOf(error: Error): Error {
    return this.#attempt?.error ?? error;
  }

  /** Remote address of the current socket. */
  get remote(): { readonly ip: string; readonly port: number } {
    return { ip: this.#socket?.remoteAddress ?? '', port: this.#socket?.remotePort ?? 0 };
  }

  /** HTTP version of the current socket. */
  get proto(): string {
    const { alpnProtocol } = (this.#socket ?? {}) as Partial<TLSSocket>;
    return alpnProtocol === 'h2' ? 'HTTP/2.0' : 'HTTP/1.1';
  }

  /** Calls back once the kernel has taken all written bytes. Usually that is at once. */
  whenTaken(callback: () => void): void {
    if (this.#socket?.writableNeedDrain) this.#socket.once('drain', callback);
    else callback();
  }

  /** Handles what was read and is not yet handed on. */
  drain(): void {
    this.#http1.drain();
  }

  /** Records that the socket has carried an answer to its end. */
  recordEnd(): void {
    this.carried += 1;
    this.#freeAt = this.#clock.now();
    if (this.carried > 1) this.habits.recordReuse();
  }

  /** Closes the socket, or cancels opening it. */
  close(): void {
    this.#isGivenUp = true;
    this.limit.close();
    this.#attempt?.cancel();
    this.#http1.destroy();
    this.#abandon?.();
  }

  /** Records a read below HTTP/2, which emits no event of it. A higher byte count shows that the socket was read. */
  #recordRead(): void {
    const read = this.#attempt?.bytesRead ?? 0;
    if (read === this.#bytesRead) return;
    this.#bytesRead = read;
    this.reads.record();
  }

  #watch(socket: Socket): void {
    this.#socket = socket;
    this.openedAt = this.#clock.now();
    this.carried = 0;
    socket.once('close', () => {
      if (this.carried === 1 && !this.#isGivenUp) this.habits.recordClosed(this.#clock.now() - this.#freeAt);
      this.carried = 0;
    });
  }
}

type Opened = (error: Error | null, socket: Socket | null) => void;

/** True for TCP to the server itself, without TLS. */
function isPlain({ address, proxy, tls }: Route): boolean {
  return 'host' in address && !proxy && !tls;
}

/** Prefix and headers for a route. Requests to a proxy have whole URLs and its credentials. */
function addressing({ origin, proxy, tls }: Route): Pick<ConnectionPort, 'prefix' | 'headers'> {
  const { host } = new URL(origin);
  if (!proxy || tls) return { prefix: '', headers: { host, connection: 'keep-alive' } };
  const { authorization } = proxy;
  return {
    prefix: origin,
    headers: { host, connection: 'keep-alive', ...(authorization && { 'proxy-authorization': authorization }) },
  };
}
