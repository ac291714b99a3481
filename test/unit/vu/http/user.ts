import type { Api } from '../../../../engine/api/index.js';
import type { HttpExchange } from '../../../../engine/client/http/http-exchange.js';
import { parseTarget } from '../../../../engine/client/target.js';
import { systemClock } from '../../../../engine/clock.js';
import type { Thread } from '../../../../engine/vu/thread-context.js';
import { Vu } from '../../../../engine/vu/vu.js';
import { idleThread } from '../../../../engine/workers/thread/idle-thread.js';
import { type HttpServer, startHttpServer } from '../../../support/http-server.js';

/** A user whose HTTP requests a test makes itself. */
export interface HttpUser {
  readonly http: Api['http'];
  readonly vu: Vu;
  /** Every request that has ended, redirects included. */
  readonly exchanges: readonly HttpExchange[];
}

/** Options, server and iteration of a test's user. */
export interface UserOptions {
  /** Options of `http`. */
  readonly http?: Partial<Thread['http']>;
  /** The server under test. */
  readonly baseUrl?: string;
  readonly apiKey?: string;
  /** Body of an iteration. */
  readonly iteration?: (http: Api['http']) => Promise<unknown>;
}

/** Returns a function that makes users, closed after each test. */
export function httpUsers(): (options?: UserOptions) => HttpUser {
  const made: Vu[] = [];
  afterEach(() => {
    for (const vu of made.splice(0)) vu.close();
  });
  return ({ http = {}, baseUrl, apiKey, iteration } = {}) => {
    const idle = idleThread({ clock: systemClock, file: '/scenario.ts', env: {} });
    const exchanges: HttpExchange[] = [];
    const thread: Thread = {
      ...idle,
      http: { ...idle.http, ...http },
      target: baseUrl === undefined ? undefined : parseTarget({ baseUrl, apiKey, model: 'm' }),
      onHttpExchange: (exchange) => exchanges.push(exchange),
    };
    let api: Api | undefined;
    const evaluate = (given: Api) => {
      api = given;
      return { default: () => iteration?.(given.http) };
    };
    const vu = new Vu(thread, evaluate, 1, undefined);
    made.push(vu);
    if (!api) throw new Error('the scenario was not evaluated');
    return { http: api.http, vu, exchanges };
  };
}

/** HTTP server of a suite, running while its tests do. */
export function httpServer(options?: { readonly tls?: boolean }): { get: () => HttpServer; readonly url: string } {
  let server: HttpServer | undefined;
  const get = () => {
    if (!server) throw new Error('the server runs only while tests do');
    return server;
  };
  before(async () => {
    server = await startHttpServer(options);
  });
  after(() => server?.close());
  return {
    get,
    get url() {
      return get().url;
    },
  };
}
