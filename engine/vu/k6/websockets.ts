import { recordScriptError } from '../script-error.js';
import { Interrupted, type VuState } from '../vu-state.js';
import { bytesOf } from './bytes.js';
import {
  type LinkOptions,
  type SocketEvent,
  SocketLink,
  type SocketMetrics,
  socketMetricsFor,
} from './web-socket-link.js';

type Handler = (event: Readonly<Record<string, unknown>>) => unknown;

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

const EVENTS = ['open', 'message', 'error', 'close', 'ping', 'pong'] as const;
type EventName = (typeof EVENTS)[number];

/** Module `k6/websockets` of one VU. An iteration lasts until its sockets have closed. */
export function websocketsFor(vu: VuState, binaryType: 'blob' | 'arraybuffer'): Readonly<Record<string, unknown>> {
  const metrics = socketMetricsFor(vu);
  return {
    Blob: globalThis.Blob,
    WebSocket: class extends K6WebSocket {
      constructor(url: unknown, protocols?: unknown, params?: unknown) {
        if (vu.stage === 'init')
          throw new Error('new WebSocket() belongs into a function; the top of the file is run for every VU');
        super(vu, metrics, { url: String(url), protocols: [protocols ?? []].flat().map(String), params });
        this.binaryType = binaryType;
      }
    },
  };
}

/** WebSocket as in a browser, with `ping`. Handlers run one after the other. */
class K6WebSocket {
  readonly url: string;
  binaryType = 'blob';
  readyState = CONNECTING;
  protocol = '';
  readonly extensions = '';
  readonly bufferedAmount = 0;
  onopen: Handler | null = null;
  onmessage: Handler | null = null;
  onerror: Handler | null = null;
  onclose: Handler | null = null;
  onping: Handler | null = null;
  onpong: Handler | null = null;
  readonly #vu: VuState;
  readonly #link: SocketLink;
  readonly #listeners = new Map<EventName, Handler[]>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(vu: VuState, metrics: SocketMetrics, options: LinkOptions) {
    if (!/^wss?:\/\//i.test(options.url)) {
      throw new TypeError(`new WebSocket(${JSON.stringify(options.url)}): expected a ws:// or wss:// address`);
    }
    this.url = options.url;
    this.#vu = vu;
    const { pending, signal } = vu;
    const leave = () => this.#link.terminate();
    pending.begin('WebSocket');
    this.#link = new SocketLink(vu, metrics, options, (event) => {
      this.#take(event);
      if (event.type !== 'close') return;
      signal?.removeEventListener('abort', leave);
      void this.#queue.then(() => pending.end('WebSocket'));
    });
    signal?.addEventListener('abort', leave, { once: true });
  }

  addEventListener(name: EventName, handler: Handler): void {
    if (!EVENTS.includes(name)) throw new TypeError(`addEventListener: there is no event ${JSON.stringify(name)}`);
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), handler]);
  }

  send(data: unknown): void {
    if (this.readyState !== OPEN) throw new Error('WebSocket.send: the connection is not open');
    if (data instanceof Blob) {
      this.#later(async () => this.#link.send(new Uint8Array(await data.arrayBuffer())));
    } else this.#link.send(typeof data === 'string' ? data : bytesOf(data, 'WebSocket.send'));
  }

  ping(): void {
    this.#link.count();
    this.#link.ping();
  }

  close(code: unknown = 1000, reason: unknown = ''): void {
    if (this.readyState >= CLOSING) return;
    if (this.readyState === OPEN) this.#link.count();
    this.readyState = CLOSING;
    this.#link.close(Number(code) || 1000, String(reason));
  }

  #take(event: SocketEvent): void {
    switch (event.type) {
      case 'open':
        this.readyState = OPEN;
        this.protocol = event.protocol;
        this.#tell('open');
        break;
      case 'message': {
        const { data } = event;
        const isBlob = typeof data !== 'string' && this.binaryType === 'blob';
        this.#tell('message', { data: isBlob ? new Blob([data]) : data });
        break;
      }
      case 'error':
        this.#tell('error', { error: event.error.message });
        break;
      case 'close':
        this.readyState = CLOSED;
        this.#tell('close', { code: event.code, reason: event.reason });
        break;
      default:
        this.#tell(event.type);
    }
  }

  #tell(type: EventName, more: Readonly<Record<string, unknown>> = {}): void {
    this.#later(async () => {
      const own = this[`on${type}`];
      for (const handler of [...(own ? [own] : []), ...(this.#listeners.get(type) ?? [])]) {
        await handler({ type, timestamp: Date.now(), ...more });
      }
    });
  }

  /** Calls a function after all that came before. Its error is one of the script. */
  #later(run: () => unknown): void {
    this.#queue = this.#queue.then(run).catch((error: unknown) => {
      const { thread, scenario } = this.#vu;
      if (!(error instanceof Interrupted)) recordScriptError(thread, scenario, error);
    });
  }
}
