import { once } from 'node:events';
import {
  createSecureServer,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { identity } from './certificates.js';

/** One request over HTTP/2. */
export interface H2Call {
  readonly stream: ServerHttp2Stream;
  readonly session: ServerHttp2Session;
  readonly socket: Socket;
  readonly headers: IncomingHttpHeaders;
  /** Number of its session, from 0, and of the request among all. */
  readonly connection: number;
  readonly turn: number;
  readonly body: string;
}

/** Starts an HTTP/2 server that answers as `behave` decides. */
export async function listenHttp2(behave: (call: H2Call) => unknown, options: SecureServerOptions = {}) {
  const sessions: ServerHttp2Session[] = [];
  const sockets: Socket[] = [];
  const calls: H2Call[] = [];
  const server = createSecureServer({ ...identity('server'), ...options });
  server.on('connection', (socket: Socket) => sockets.push(socket.setNoDelay(true).on('error', () => undefined)));
  server.on('session', (session) => sessions.push(session.on('error', () => undefined)));
  server.on('stream', async (stream, headers) => {
    stream.on('error', () => undefined);
    let body = '';
    stream.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    await once(stream, 'end');
    const session = stream.session as ServerHttp2Session;
    const connection = sessions.indexOf(session);
    // Handshakes may end in another order than connections were made.
    const { remotePort } = session.socket;
    const socket = sockets.find((each) => each.remotePort === remotePort) as Socket;
    const call = { stream, session, socket, headers, connection, turn: calls.length, body };
    calls.push(call);
    behave(call);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const { port } = server.address() as AddressInfo;
  return { url: `https://localhost:${port}`, port, sessions, sockets, calls, server, close };
}
