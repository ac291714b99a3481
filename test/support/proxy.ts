import { createServer, type IncomingMessage, request } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { identity } from './certificates.js';

/** Working proxy: it opens tunnels and forwards plain requests. */
export interface TestProxy {
  readonly port: number;
  /** Requests received: `CONNECT host:port`, `POST http://host:port/path`. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** Behavior of a proxy. */
export interface ProxyHabits {
  /** Required `user:password`. */
  readonly credentials?: string;
  /** Accepts connections over TLS only. */
  readonly secure?: boolean;
  /** Refuses every tunnel with this status. */
  readonly refusal?: number;
  /** Delay of opening a tunnel, in milliseconds. */
  readonly delay?: number;
}

/** Starts a proxy on a free port of the loopback interface. */
export async function startProxy({ credentials, secure, refusal, delay = 0 }: ProxyHabits = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
  };
  const isKnown = ({ headers }: IncomingMessage) =>
    credentials === undefined ||
    headers['proxy-authorization'] === `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = secure ? createSecureServer(identity('server')) : createServer();
  server.on('connection', keep);
  server.on('connect', (message: IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${message.url}`);
    const status = isKnown(message) ? refusal : 407;
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${message.url}`);
    const onward = connect(Number(port), hostname.replace(/^\[|\]$/g, ''), () => {
      setTimeout(() => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      }, delay);
    });
    keep(onward);
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
  });
  server.on('request', (message: IncomingMessage, response) => {
    asked.push(`${message.method} ${message.url}`);
    if (!isKnown(message)) {
      response.writeHead(407, { 'proxy-authenticate': 'Basic' }).end('who are you?');
      return;
    }
    const { 'proxy-authorization': _, ...headers } = message.headers;
    const onward = request(message.url ?? '', { method: message.method ?? 'GET', headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end('cannot be reached'));
    message.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { port: (server.address() as AddressInfo).port, asked, close };
}

/** Returns a function that starts proxies, closed after each test. */
export function testProxies(): (habits?: ProxyHabits) => Promise<TestProxy> {
  const started: TestProxy[] = [];
  afterEach(() => Promise.all(started.splice(0).map((proxy) => proxy.close())));
  return async (habits) => {
    const proxy = await startProxy(habits);
    started.push(proxy);
    return proxy;
  };
}
