import { canonicalHeaders, type RawHeaders } from '../../client/http/headers.js';
import { calling, Interrupted, type VuState } from '../vu-state.js';
import { bytesOf } from './bytes.js';
import { timersFor } from './timers.js';
import { type SocketEvent, SocketLink, socketMetricsFor } from './web-socket-link.js';

type Handler = (given?: unknown) => unknown;

/** Calls a function after all that came before. */
type Later = (run: () => unknown) => void;

/** Result of `ws.connect`, after the connection has ended. */
interface Response {
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly error: string;
}

const NONE: Response = { url: '', status: 0, headers: {}, body: '', error: '' };

/** Module `k6/ws` of one VU. `connect` waits until the connection has ended. */
export function wsFor(vu: VuState) {
  const metrics = socketMetricsFor(vu);
  return {
    connect: (url: unknown, given: unknown, second?: unknown): Promise<Response> =>
      calling(vu, 'ws.connect', () => {
        const [params, begin] = typeof given === 'function' ? [undefined, given] : [given, second];
        if (typeof begin !== 'function') throw new TypeError('ws.connect: expected a function that takes the socket');
        const text = String(url);
        const session = new Session(vu, text, begin as Handler);
        return session.run((on) => new SocketLink(vu, metrics, { url: text, params }, on));
      }),
  };
}

/** One connection. Its handlers run one after the other. */
class Session {
  readonly #vu: VuState;
  readonly #url: string;
  readonly #begin: Handler;
  readonly #handlers = new Map<string, Handler[]>();
  readonly #timers: ReturnType<typeof timersFor>;
  readonly #running = new Set<number>();
  #link: SocketLink | undefined;
  #response = NONE;

  constructor(vu: VuState, url: string, begin: Handler) {
    this.#vu = vu;
    this.#url = url;
    this.#begin = begin;
    this.#timers = timersFor(vu);
  }

  /** Runs to its end. Rejects with what a handler throws, and where the iteration is interrupted. */
  async run(open: (on: (event: SocketEvent) => void) => SocketLink): Promise<Response> {
    const { signal } = this.#vu;
    let interrupt: () => void = () => undefined;
    let queue: Promise<unknown> = Promise.resolve();
    try {
      return await new Promise<Response>((resolve, reject) => {
        interrupt = () => reject(new Interrupted('ws.connect'));
        signal?.addEventListener('abort', interrupt, { once: true });
        const later: Later = (run) => {
          queue = queue.then(run).catch(reject);
        };
        this.#link = open((event) => this.#take(event, later, () => resolve(this.#response)));
      });
    } finally {
      signal?.removeEventListener('abort', interrupt);
      for (const id of this.#running) this.#timers.clearTimeout(id);
      this.#link?.terminate();
    }
  }

  #take(event: SocketEvent, later: Later, end: () => void): void {
    switch (event.type) {
      case 'open': {
        const { statusCode = 0, headers } = event.response;
        const shown = canonicalHeaders(headers as RawHeaders);
        this.#response = { ...NONE, url: this.#url, status: statusCode, headers: shown };
        later(() => this.#begin(this.#socketOf(later)));
        later(() => this.#call('open'));
        break;
      }
      case 'message':
        later(() => this.#call(typeof event.data === 'string' ? 'message' : 'binaryMessage', event.data));
        break;
      case 'error': {
        const { message } = event.error;
        if (this.#response.status === 0) this.#response = { ...NONE, error: message };
        later(() => this.#call('error', { error: () => message }));
        break;
      }
      case 'close':
        if (this.#response.status !== 0) later(() => this.#call('close', event.code));
        later(end);
        break;
      default:
        later(() => this.#call(event.type));
    }
  }

  async #call(name: string, given?: unknown): Promise<void> {
    for (const handler of this.#handlers.get(name) ?? []) await handler(given);
  }

  /** Socket as the script sees it. */
  #socketOf(later: Later) {
    const link = this.#link;
    const timer =
      (start: 'setTimeout' | 'setInterval') =>
      (run: Handler, delay: unknown): void => {
        const inTurn = () => new Promise<void>((resolve) => later(async () => resolve(void (await run()))));
        this.#running.add(this.#timers[start](inTurn, Number(delay)));
      };
    return {
      on: (name: unknown, handler: Handler): void => {
        const known = this.#handlers.get(String(name)) ?? [];
        this.#handlers.set(String(name), [...known, handler]);
      },
      send: (data: unknown) => link?.send(String(data)),
      sendBinary: (data: unknown) => link?.send(bytesOf(data, 'socket.sendBinary')),
      ping: () => link?.ping(),
      close: (code?: unknown) => link?.close(Number(code) || 1001),
      setTimeout: timer('setTimeout'),
      setInterval: timer('setInterval'),
    };
  }
}
