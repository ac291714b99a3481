import {
  connect as connectTcp,
  type NetConnectOpts,
  type OnReadOpts,
  type Socket,
  type SocketConstructorOpts,
} from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Clock } from '../../clock.js';
import { explainNoConnection, ProxyError, TOO_LATE } from './connect-error.js';
import type { Opening } from './connect-timings.js';
import type { Route } from './transport.js';
import { openTunnel } from './tunnel.js';

/** Sockets are opened within this time or not at all, in milliseconds. */
const CONNECT_TIMEOUT = 10_000;

/** How sockets are to behave: no byte waits for company, and a read may be large. */
const TCP = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000, highWaterMark: 64 * 1024 } as const;

/** Takes what was read from a socket: the first `length` of these bytes, which the next read overwrites. */
export type OnRead = (length: number, bytes: Buffer) => true;

/** A socket on its way. */
export interface Attempt {
  /** The instants so far. */
  readonly opening: Opening;
  /** Bytes that TCP has brought so far, whatever is laid over it. */
  readonly bytesRead: number;
  /** The first thing that went wrong with the socket after it was opened. */
  readonly error: Error | undefined;
  /** Gives the attempt up; nobody is told. */
  cancel(): void;
}

/** Every plain socket of a thread is read into the same buffer: what was read is handed on before the next read. */
const BUFFER = Buffer.allocUnsafeSlow(TCP.highWaterMark);

/**
 * Opens a socket along a route. `done` is told once: of the socket, or why there is none. With `onRead` the socket is
 * read at once: what was read are the first `length` bytes, to be used before it returns. Without, it is a stream to be read.
 */
export function openSocket(
  route: Route,
  clock: Clock,
  done: (error: Error | null, socket: Socket | null) => void,
  onRead?: OnRead,
): Attempt {
  const opening = { startedAt: clock.now(), lookedUpAt: 0, connectedAt: 0, securedAt: 0 };
  const { proxy, address } = route;
  const isPlain = !route.tls && !route.proxyTls;
  /** A socket, and what is laid over it. */
  const layers: Socket[] = [];
  let isSettled = false;
  let firstError: Error | undefined;

  const settle = (error: Error | null, socket: Socket | null) => {
    if (isSettled) return;
    isSettled = true;
    stopWaiting();
    if (error) for (const layer of layers) layer.destroy();
    if (onRead && !isPlain) socket?.on('data', (bytes: Buffer) => onRead(bytes.length, bytes));
    done(error, socket);
  };
  const fail = (error: Error) => {
    if (isSettled) firstError ??= error;
    const isProxys = proxy && opening.connectedAt === 0 && !(error instanceof ProxyError);
    settle(isProxys ? new ProxyError(`cannot be reached: ${explainNoConnection(error).why}`, proxy) : error, null);
  };
  const stopWaiting = clock.after(CONNECT_TIMEOUT, () =>
    fail(Object.assign(new Error(`no connection within ${CONNECT_TIMEOUT / 1000} s`), { code: TOO_LATE })),
  );
  const watch = <Layer extends Socket>(layer: Layer): Layer => {
    layers.push(layer);
    // Listened to for as long as the socket lives: an error that nobody hears would end the process.
    layer.on('error', fail);
    layer.once('close', () => {
      if (!isSettled) fail(new Error('the connection was closed while it was opened'));
    });
    return layer;
  };
  const secure = (below: Socket, options: ConnectionOptions, then: (socket: Socket) => void) => {
    const layer = watch(connectTls({ ...options, socket: below }));
    layer.once('secureConnect', () => then(layer));
  };
  const atServer = (socket: Socket) => {
    opening.connectedAt = clock.now();
    if (!route.tls) return settle(null, socket);
    secure(socket, route.tls, (secured) => {
      opening.securedAt = clock.now();
      settle(null, secured);
    });
  };
  const atProxy = (socket: Socket) => {
    // Plain requests are given to the proxy itself; only TLS needs a tunnel through it.
    if (proxy && route.tls && 'host' in address) openTunnel(socket, address, proxy, atServer, fail);
    else atServer(socket);
  };

  const options: NetConnectOpts & SocketConstructorOpts = {
    ...(proxy ? { host: proxy.host, port: proxy.port } : address),
    ...TCP,
    ...(onRead && isPlain && { onread: { buffer: BUFFER, callback: onRead as OnReadOpts['callback'] } }),
  };
  const tcp = watch(connectTcp(options));
  tcp.once('lookup', () => {
    opening.lookedUpAt = clock.now();
  });
  tcp.once('connect', () => (route.proxyTls ? secure(tcp, route.proxyTls, atProxy) : atProxy(tcp)));

  const cancel = () => {
    isSettled = true;
    stopWaiting();
    for (const layer of layers) layer.destroy();
  };
  return {
    opening,
    get bytesRead() {
      return tcp.bytesRead;
    },
    get error() {
      return firstError;
    },
    cancel,
  };
}
