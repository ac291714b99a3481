import {
  connect as connectTcp,
  type NetConnectOpts,
  type OnReadOpts,
  type Socket,
  type SocketConstructorOpts,
} from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Clock } from '../../clock.js';
import { explainNoConnection, NO_HANDSHAKE, ProxyError, TOO_LATE } from './connect-error.js';
import type { ConnectTimings } from './connect-timings.js';
import type { Route } from './route.js';
import { openTunnel } from './tunnel.js';

/** Connect timeout, in milliseconds. */
const CONNECT_TIMEOUT = 10_000;

/** Socket options: no Nagle delay, large reads. */
const TCP = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000, highWaterMark: 64 * 1024 } as const;

/** Handles a read: the first `length` bytes, which the next read overwrites. */
export type OnRead = (length: number, bytes: Buffer) => true;

/** Connection attempt, and the socket it results in. */
export interface Attempt {
  /** Instants so far. */
  readonly opening: ConnectTimings;
  /** Bytes received over TCP, below TLS and HTTP/2. */
  readonly bytesRead: number;
  /** First error of the socket after it was opened. */
  readonly error: Error | undefined;
  /** Cancels the attempt without calling `done`. */
  cancel(): void;
}

/** Read buffer of all plain sockets of a thread. What was read is handed on before the next read. */
const BUFFER = Buffer.allocUnsafeSlow(TCP.highWaterMark);

/**
 * Opens a socket along a route. Calls `done` once, with the socket or the error. With `onRead` the socket is read at
 * once, and the bytes are valid until that returns; without, it is a stream to be read.
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
  /** Socket and the TLS layers over it. */
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
  const stopWaiting = clock.after(CONNECT_TIMEOUT, () => {
    const [code, what] = opening.connectedAt > 0 ? [NO_HANDSHAKE, 'no TLS handshake'] : [TOO_LATE, 'no connection'];
    fail(Object.assign(new Error(`${what} within ${CONNECT_TIMEOUT / 1000} s`), { code }));
  });
  const watch = <Layer extends Socket>(layer: Layer): Layer => {
    layers.push(layer);
    // Kept for the life of the socket: an 'error' event without a listener would end the process.
    layer.on('error', fail);
    layer.once('close', () => {
      if (!isSettled) fail(new Error('the connection was closed while it was opened'));
    });
    return layer;
  };
  const secure = (below: Socket, options: ConnectionOptions, then: (socket: Socket) => void) => {
    const layer = watch(connectTls({ ...options, socket: below }));
    layer.once('secureConnect', () => then(keepHandle(layer, clock)));
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
    // Plain requests go to the proxy itself; only TLS needs a tunnel.
    if (proxy && route.tls && 'host' in address) openTunnel(socket, address, proxy, atServer, fail);
    else atServer(socket);
  };

  const tcp = watch(connectTcp(tcpOptions(route, isPlain ? onRead : undefined)));
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

function tcpOptions(
  { proxy, address, localAddress }: Route,
  onRead: OnRead | undefined,
): NetConnectOpts & SocketConstructorOpts {
  return {
    ...(localAddress !== undefined && { localAddress }),
    ...(proxy ? { host: proxy.host, port: proxy.port } : address),
    ...TCP,
    ...(onRead && { onread: { buffer: BUFFER, callback: onRead as OnReadOpts['callback'] } }),
  };
}

/** Native handles of TLS sockets, until the turn after their end. */
const handles = new Set<unknown>();

/**
 * Keeps the native handle of a TLS socket until its reads return. Node 20.20.2 crashes otherwise: a socket
 * that is destroyed while it is read gives up its handle, a garbage collection frees it, and the read goes on in it.
 */
function keepHandle(socket: Socket, clock: Clock): Socket {
  const { _handle: handle } = socket as Socket & { readonly _handle?: unknown };
  handles.add(handle);
  socket.once('close', () => void clock.breathe().then(() => handles.delete(handle)));
  return socket;
}
