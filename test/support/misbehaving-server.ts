import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer, type TlsOptions } from 'node:tls';

/** Request over a raw socket, on which the test writes the answer. */
export interface Call {
  readonly socket: Socket;
  /** Index of the connection, and of the request on it. */
  readonly connection: number;
  readonly turn: number;
  /** Request line and headers. */
  readonly head: string;
  readonly body: string;
}

/** A server whose behaviour the test decides. */
export interface MisbehavingServer {
  readonly url: string;
  readonly port: number;
  readonly calls: readonly Call[];
  readonly sockets: readonly Socket[];
  close(): Promise<void>;
}

/** Address and encryption of a server; by default 127.0.0.1 without TLS. */
export interface Listening {
  readonly tls?: TlsOptions;
  readonly host?: string;
  /** A Unix socket. */
  readonly path?: string;
}

/** Returns a function that starts servers, closed after each test. */
export function misbehavingServers(): (
  behave: (call: Call) => void,
  listening?: Listening,
) => Promise<MisbehavingServer> {
  const started: MisbehavingServer[] = [];
  afterEach(() => Promise.all(started.splice(0).map((server) => server.close())));
  return async (behave, listening) => {
    const server = await listen(behave, listening);
    started.push(server);
    return server;
  };
}

/** Starts a server that the caller closes. */
export async function listen(
  behave: (call: Call) => void,
  { tls, host = '127.0.0.1', path }: Listening = {},
): Promise<MisbehavingServer> {
  const calls: Call[] = [];
  const sockets: Socket[] = [];
  const accept = (socket: Socket) => {
    const connection = sockets.push(socket) - 1;
    let turn = 0;
    let unread = '';
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      unread += bytes.toString('latin1');
      const end = unread.indexOf('\r\n\r\n') + 4;
      const length = Number(/content-length: (\d+)/i.exec(unread)?.[1] ?? 0);
      if (end < 4 || unread.length < end + length) return;
      const body = Buffer.from(unread.slice(end, end + length), 'latin1').toString();
      const call = { socket, connection, turn, head: unread.slice(0, end), body };
      unread = unread.slice(end + length);
      turn += 1;
      calls.push(call);
      behave(call);
    });
  };
  const server: Server = tls
    ? createSecureServer({ ...tls, noDelay: true } as TlsOptions, accept)
    : createServer({ noDelay: true }, accept);
  await new Promise<void>((resolve) => {
    if (path) server.listen(path, resolve);
    else server.listen(0, host, resolve);
  });
  const port = path ? 0 : (server.address() as AddressInfo).port;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const shown = host.includes(':') ? `[${host}]` : host;
  const url = path ? `unix:${path}` : `${tls ? 'https' : 'http'}://${shown}:${port}`;
  return { url, port, calls, sockets, close };
}

/** Header of a good stream. */
export const STREAM = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
/** The end of its body. */
export const END = '0\r\n\r\n';

/** Text as one chunk of a stream's body. */
export function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

/** An event, which is an object or the text of its data. */
export function event(data: unknown): string {
  return chunk(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
}

export const DONE = event('[DONE]');

/** The event of a piece of the answer. */
export function content(text: string): string {
  return event({ choices: [{ index: 0, delta: { content: text }, finish_reason: null }] });
}

export function finish(reason = 'stop'): string {
  return event({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
}

/** A good answer of two tokens. */
export const GOOD = STREAM + content('Hello') + content(' you') + finish() + DONE + END;

/** A response that is no stream. */
export function plain(status: number, type: string, body: string | Buffer, headers = ''): Buffer {
  const bytes = Buffer.from(body);
  const head = `HTTP/1.1 ${status} Said\r\ncontent-type: ${type}\r\ncontent-length: ${bytes.length}\r\n${headers}\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}
