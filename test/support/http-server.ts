import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

/** HTTP server that answers as the path asks, like httpbin. */
export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Request lines so far. */
  readonly seen: readonly string[];
  /** Connections so far, and the most requests at once on one. */
  readonly sockets: () => number;
  readonly mostAtOnce: () => number;
  close(): Promise<void>;
}

/** Echo of a request, as /anything returns it. */
export interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly bytes: number;
}

type Handler = (response: ServerResponse, argument: string, request: IncomingMessage, body: Buffer) => void;

const PACK: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: gzipSync,
  deflate: deflateSync,
  raw: deflateRawSync,
  br: brotliCompressSync,
};

/** Handlers by the first part of the path. The rest of it is the argument. */
const ROUTES: Readonly<Record<string, Handler>> = {
  anything: (response, _, request, body) => {
    const { method, url, headers } = request;
    json(response, { method, url, headers, body: body.toString(), bytes: body.length });
  },
  status: (response, code) => response.writeHead(Number(code)).end('status'),
  bytes: (response, count) => response.writeHead(200, { 'content-length': count }).end(Buffer.alloc(Number(count), 7)),
  json: (response) => json(response, { users: [{ name: 'ann', 'a.b': 1 }, { name: 'bob' }], total: 2, none: null }),
  repeated: (response) => response.writeHead(200, { 'x-many': ['a', 'b'], 'x-OTHER-name': '1' }).end(),
  /** Compressed body with a content encoding, which may contradict it. */
  packed: (response, how) => {
    const [coding = '', said = coding === 'raw' ? 'deflate' : coding] = how.split(',');
    const pack = PACK[coding];
    response.writeHead(200, { 'content-encoding': said }).end(pack ? pack(Buffer.from('你好 packed')) : 'not packed');
  },
  delay: (response, ms) => void setTimeout(() => response.end('late'), Number(ms)),
  /** Head at once, then a byte every so often. */
  slow: (response, ms) => {
    response.writeHead(200, { 'content-length': '3' }).flushHeaders();
    let left = 3;
    const timer = setInterval(() => {
      response.write('x');
      left -= 1;
      if (left === 0) clearInterval(timer);
      if (left === 0) response.end();
    }, Number(ms));
  },
  reset: (_, __, request) => request.socket.resetAndDestroy(),
  hangup: (_, __, request) => void request.socket.destroy(),
  /** Breaks off within the body. */
  cut: (response, _, request) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => request.socket.destroy());
  },
  garbage: (_, __, request) => void request.socket.end('this is not HTTP\r\n\r\n'),
  /** Redirects n times with a status, then to /anything: /redirect/302/3. */
  redirect: (response, argument) => {
    const [code = '302', left = '1'] = argument.split('/');
    const location = Number(left) > 1 ? `/redirect/${code}/${Number(left) - 1}` : '/anything/end';
    response.writeHead(Number(code), { location, 'set-cookie': `hop${left}=1; Path=/` }).end('moved');
  },
  /** Redirect to another place. */
  to: (response, place) => response.writeHead(302, { location: decodeURIComponent(place) }).end(),
  /** Page with a form and a link. */
  page: (response) =>
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(
        '<title>Shop</title><form action="/anything" method="post"><input name="a" value="1"></form><a href="/anything/next">next</a>',
      ),
  /** Asks for digest authentication, and takes any answer. */
  digest(response, _, request) {
    const given = request.headers.authorization ?? '';
    if (given.startsWith('Digest ')) json(response, { given });
    else response.writeHead(401, { 'www-authenticate': 'Digest realm="r", nonce="n", qop="auth"' }).end();
  },
  /** Sets a cookie, which may have attributes. */
  cookie: (response, cookie) => response.writeHead(200, { 'set-cookie': decodeURIComponent(cookie) }).end(),
};

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Starts a server on a free port of the loopback interface. With `tls`, one with a self-signed certificate. */
export async function startHttpServer({ tls = false } = {}): Promise<HttpServer> {
  const seen: string[] = [];
  let sockets = 0;
  let now = 0;
  let most = 0;
  const listener: RequestListener = (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    now += 1;
    most = Math.max(most, now);
    response.on('close', () => {
      now -= 1;
    });
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [, route = '', argument = ''] = /^\/([^/?]*)\/?([^?]*)/.exec(request.url ?? '') ?? [];
      const handle = ROUTES[route];
      if (handle) handle(response, argument, request, Buffer.concat(chunks));
      else response.writeHead(404).end('nothing here');
    });
  };
  const server = tls ? createTlsServer({ key: KEY, cert: CERTIFICATE }, listener) : createServer(listener);
  server.on('connection', () => {
    sockets += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    seen,
    sockets: () => sockets,
    mostAtOnce: () => most,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Test-only key, valid for a hundred years. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgaMO2SRUQuMZQbxUt
D/rIgV1gdLMTNPOfzqY7Wz7WNmChRANCAARzXYsEFF6c2h/OJNToCnoLw8B58XKK
xdZWDv+T2W6G8TfxIo7VvGH+xruuMC/qBuT2HfCljeUxcioZdDwQs1Bj
-----END PRIVATE KEY-----`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBVTCB/KADAgECAgEBMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCWxvY2FsaG9z
dDAgFw0yNDAxMDEwMDAwMDBaGA8yMTI0MDEwMTAwMDAwMFowFDESMBAGA1UEAwwJ
bG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEc12LBBRenNofziTU
6Ap6C8PAefFyisXWVg7/k9luhvE38SKO1bxh/sa7rjAv6gbk9h3wpY3lMXIqGXQ8
ELNQY6M9MDswGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMB0GA1UdDgQWBBRe
nDlZ3YW5eeJePey9zWLvfiKUfDAKBggqhkjOPQQDAgNIADBFAiBdRO1izkXtqKfy
kT9YocZB4Q5K6vIyBOLyEXFwZ0GuowIhAI07Vq0UvG9DIJWOG699JnkxGcGLoVo2
ID1+oKb7Ne8j
-----END CERTIFICATE-----`;
