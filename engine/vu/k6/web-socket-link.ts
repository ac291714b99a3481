import type { IncomingMessage } from 'node:http';
import type * as ws from 'ws';
import type { SampleTags } from '../../api/metrics.js';
import { CookieJar } from '../../client/http/cookie-jar.js';
import type { Attempt } from '../../client/transport/open-socket.js';
import type { Clock } from '../../clock.js';
import { lazily } from '../../lazy-require.js';
import { plainObject } from '../../schema.js';
import type { VuState } from '../vu-state.js';
import { bufferOf } from './bytes.js';
import { k6MetricsFor } from './metrics.js';

const library = lazily<typeof ws>('ws');

/** Metric that takes samples. */
interface Metric {
  readonly add: (value: number, tags: SampleTags) => unknown;
}

/** Metrics of WebSockets of one VU, as in k6. */
export type SocketMetrics = Readonly<
  Record<'sessions' | 'connecting' | 'duration' | 'sent' | 'received' | 'ping', Metric>
>;

/** Creates the metrics, at the top of the file. */
export function socketMetricsFor(vu: VuState): SocketMetrics {
  const { Counter, Trend } = k6MetricsFor(vu);
  return {
    sessions: new Counter('ws_sessions'),
    connecting: new Trend('ws_connecting', true),
    duration: new Trend('ws_session_duration', true),
    sent: new Counter('ws_msgs_sent'),
    received: new Counter('ws_msgs_received'),
    ping: new Trend('ws_ping', true),
  };
}

/** Event on a WebSocket. */
export type SocketEvent =
  | { readonly type: 'open'; readonly response: IncomingMessage; readonly protocol: string }
  | { readonly type: 'message'; readonly data: string | ArrayBuffer }
  | { readonly type: 'ping' | 'pong' }
  | { readonly type: 'error'; readonly error: Error }
  | { readonly type: 'close'; readonly code: number; readonly reason: string };

/** Parameters of a connection, by k6's rules: unknown ones count for nothing. */
interface LinkParams {
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: SampleTags;
  readonly deflates: boolean;
}

/** Address of a connection, and what the script asks of it. */
export interface LinkOptions {
  readonly url: string;
  readonly protocols?: readonly string[];
  readonly params: unknown;
}

/** WebSocket of a VU along its transport, with k6's metrics. Calls `on` with each event, the last one a `close`. */
export class SocketLink {
  readonly #clock: Clock;
  readonly #metrics: SocketMetrics;
  readonly #on: (event: SocketEvent) => void;
  readonly #tags: SampleTags;
  readonly #startedAt: number;
  readonly #attempt: Attempt;
  readonly #pings: number[] = [];
  #socket: ws.WebSocket | undefined;
  #isOver = false;

  constructor(
    vu: VuState,
    metrics: SocketMetrics,
    { url, protocols = [], params }: LinkOptions,
    on: (event: SocketEvent) => void,
  ) {
    const { clock, transport } = vu.thread;
    const { headers, tags, deflates } = readParams(vu, url, params);
    this.#clock = clock;
    this.#metrics = metrics;
    this.#on = on;
    this.#tags = { url, ...tags };
    this.#startedAt = clock.now();
    const address = new URL(url);
    const route = transport.routeTo(`${address.protocol.replace('ws', 'http')}//${address.host}`);
    this.#attempt = transport.open(route, clock, (error, connection) => {
      if (error || !connection) {
        this.#fail(error ?? new Error('no connection'));
        return;
      }
      const createConnection = () => connection;
      const options = { headers, perMessageDeflate: deflates, skipUTF8Validation: true, createConnection };
      this.#socket = new (library().WebSocket)(url, [...protocols], options);
      this.#watch(this.#socket);
    });
  }

  send(data: string | Uint8Array): void {
    this.count();
    this.#socket?.send(data);
  }

  ping(): void {
    this.#pings.push(this.#clock.now());
    this.#socket?.ping();
  }

  close(code: number, reason?: string): void {
    if (this.#socket) this.#socket.close(code, reason);
    else this.terminate();
  }

  /** Ends it at once. */
  terminate(): void {
    this.#attempt.cancel();
    this.#socket?.terminate();
    this.#end(1006, '');
  }

  /** Counts a message as sent. */
  count(): void {
    this.#metrics.sent.add(1, this.#tags);
  }

  #watch(socket: ws.WebSocket): void {
    let isOpen = false;
    let failure: Error | undefined;
    socket.on('upgrade', (response) => {
      isOpen = true;
      this.#connected();
      socket.once('open', () => this.#on({ type: 'open', response, protocol: socket.protocol }));
    });
    socket.on('message', (data: Buffer, isBinary) => {
      this.#metrics.received.add(1, this.#tags);
      this.#on({ type: 'message', data: isBinary ? bufferOf(data) : data.toString('utf8') });
    });
    socket.on('ping', () => this.#on({ type: 'ping' }));
    socket.on('pong', () => {
      const sentAt = this.#pings.shift();
      if (sentAt !== undefined) this.#metrics.ping.add(this.#clock.now() - sentAt, this.#tags);
      this.#on({ type: 'pong' });
    });
    socket.on('error', (error) => {
      failure = error;
      if (isOpen) this.#on({ type: 'error', error });
    });
    socket.on('close', (code, reason) => {
      if (isOpen) this.#end(code, reason.toString('utf8'));
      else this.#fail(failure ?? new Error(`the connection was closed with ${code} before it was open`));
    });
  }

  #connected(): void {
    this.#metrics.connecting.add(this.#clock.now() - this.#startedAt, this.#tags);
    this.#metrics.sessions.add(1, this.#tags);
  }

  #fail(error: Error): void {
    if (this.#isOver) return;
    this.#connected();
    this.#on({ type: 'error', error });
    this.#end(1006, '');
  }

  #end(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#metrics.duration.add(this.#clock.now() - this.#startedAt, this.#tags);
    this.#on({ type: 'close', code, reason });
  }
}

function readParams(vu: VuState, url: string, given: unknown): LinkParams {
  const { headers, tags, compression, jar } = plainObject(given) ?? {};
  const cookies = (jar instanceof CookieJar ? jar : vu.cookies).header(url.replace(/^ws/, 'http'), undefined);
  const texts = Object.entries(plainObject(headers) ?? {}).map(([name, value]) => [name, String(value)] as const);
  const all = Object.fromEntries([['User-Agent', vu.thread.http.userAgent], ...texts]);
  const labels = Object.entries(plainObject(tags) ?? {}).map(([name, value]) => [name, String(value)] as const);
  return {
    headers: cookies === '' || texts.some(([name]) => /^cookie$/i.test(name)) ? all : { ...all, Cookie: cookies },
    tags: Object.fromEntries(labels),
    deflates: compression === 'deflate',
  };
}
