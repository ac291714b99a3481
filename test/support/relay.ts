import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer, type TlsOptions } from 'node:tls';

/** Address and TLS options of a relay. */
export interface RelayOptions {
  /** Terminates TLS before bytes are forwarded. */
  readonly tls?: TlsOptions;
  /** Unix socket, instead of a free port. */
  readonly path?: string;
}

/** Relay that forwards bytes to a server. */
export interface Relay {
  readonly port: number;
  readonly sockets: number;
  /** Keeps back all bytes, as a network that is away. Then lets them through. */
  hold(isHeld: boolean): void;
  close(): Promise<void>;
}

/** Starts a relay that gives a server TLS or a Unix socket. */
export async function startRelay(url: string, { tls, path }: RelayOptions): Promise<Relay> {
  const { port } = new URL(url);
  const sockets = new Set<Socket>();
  let accepted = 0;
  let isHeld = false;
  const hold = (...ends: readonly Socket[]) => {
    for (const end of ends) {
      if (isHeld) end.pause();
      else end.resume();
    }
  };
  const accept = (socket: Socket) => {
    accepted += 1;
    const onward = connect(Number(port), '127.0.0.1').setNoDelay(true);
    socket.setNoDelay(true);
    for (const end of [socket, onward]) {
      sockets.add(end.on('error', () => undefined));
      end.on('close', () => {
        sockets.delete(end);
        socket.destroy();
        onward.destroy();
      });
    }
    socket.pipe(onward).pipe(socket);
    if (isHeld) hold(socket, onward);
  };
  const server: Server = tls ? createSecureServer(tls, accept) : createServer(accept);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => {
    if (path) server.listen(path, resolve);
    else server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: path ? 0 : (server.address() as AddressInfo).port,
    get sockets() {
      return accepted;
    },
    hold(held) {
      isHeld = held;
      hold(...sockets);
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
