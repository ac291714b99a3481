import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { ListenAddress } from './address.js';
import type { Family } from './families.js';
import { prometheusText } from './text.js';

const compress = promisify(gzip);

/** Page that Prometheus scrapes. */
export interface ScrapePage {
  readonly port: number;
  /** Scrapes so far. Those of programs that send their timeout, as Prometheus does. */
  readonly scrapes: number;
  /** Longest time between two of them, in milliseconds; undefined before the second. */
  readonly interval: number | undefined;
  /** Resolves after the next of them has been answered. */
  nextScrape(): Promise<void>;
  close(): void;
}

const CONTENT_TYPES = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  protobuf: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
};

/** Serves `/metrics` until it is closed. The process does not wait for it. `read` is called for each request. */
export async function openPage({ host, port }: ListenAddress, read: () => readonly Family[]): Promise<ScrapePage> {
  let scrapes = 0;
  let last: number | undefined;
  let interval: number | undefined;
  let waiting: (() => void)[] = [];
  const onScraped = () => {
    const now = performance.now();
    if (last !== undefined) interval = Math.max(interval ?? 0, now - last);
    last = now;
    scrapes += 1;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  const server = createServer((request, response) => {
    const isScrape = request.headers['x-prometheus-scrape-timeout-seconds'] !== undefined;
    const { socket } = request;
    answer(request, response, read).then(
      (isMetrics) => {
        // Closed once the other side has everything.
        if (isMetrics && isScrape) socket.once('close', onScraped);
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, resolve);
  });
  server.unref();
  server.on('connection', (socket) => socket.unref());
  return {
    port: (server.address() as AddressInfo).port,
    get scrapes() {
      return scrapes;
    },
    get interval() {
      return interval;
    },
    nextScrape: () => new Promise((resolve) => waiting.push(resolve)),
    close: () => void server.close(),
  };
}

/** Answers a request; resolves to true for the metrics. */
async function answer(
  { method, url = '', headers }: IncomingMessage,
  response: ServerResponse,
  read: () => readonly Family[],
): Promise<boolean> {
  const path = url.replace(/\?.*/s, '');
  if ((method !== 'GET' && method !== 'HEAD') || path !== '/metrics') {
    const [status, text] = path === '/metrics' ? [405, 'GET this page'] : [404, 'The metrics are at /metrics'];
    response.writeHead(status, { 'content-type': 'text/plain' }).end(`${text}\n`);
    return false;
  }
  const { type, body } = await encode(read(), headers.accept ?? '');
  const isPacked = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
  // Compressed while the load runs: speed matters more than size.
  const content = isPacked ? await compress(body, { level: constants.Z_BEST_SPEED }) : Buffer.from(body);
  response.writeHead(200, {
    'content-type': type,
    'content-length': content.length,
    connection: 'close',
    'x-content-type-options': 'nosniff',
    ...(isPacked && { 'content-encoding': 'gzip' }),
  });
  response.end(method === 'HEAD' ? undefined : content);
  return true;
}

/** Families in the first format of ours that is accepted. Prometheus' text where none is. */
async function encode(
  families: readonly Family[],
  accept: string,
): Promise<{ readonly type: string; readonly body: string | Uint8Array }> {
  const preferred = accept
    .split(',')
    .map((each) => ({ each, q: Number(/;\s*q=([\d.]+)/.exec(each)?.[1] ?? 1) }))
    .sort((a, b) => b.q - a.q)
    .map(({ each }) => each);
  for (const each of preferred) {
    if (/io\.prometheus\.client\.MetricFamily/.test(each) && /encoding=delimited/.test(each)) {
      const { prometheusProtobuf } = await import('./protobuf.js');
      return { type: CONTENT_TYPES.protobuf, body: prometheusProtobuf(families) };
    }
    if (/application\/openmetrics-text/.test(each)) {
      return { type: CONTENT_TYPES.openmetrics, body: prometheusText(families, 'openmetrics') };
    }
    if (/text\/plain/.test(each)) break;
  }
  return { type: CONTENT_TYPES.prometheus, body: prometheusText(families, 'prometheus') };
}
