import { readFileSync } from 'node:fs';
import type { SecureContext } from 'node:tls';
import { type Clock, systemClock } from '../../clock.js';
import { type SocketReader, threadReader } from '../reader/native-reader.js';
import { knownHost } from './known-hosts.js';
import { type Attempt, type OnRead, openSocket } from './open-socket.js';
import { bare, type ProxySettings, proxyFor } from './proxy.js';
import type { Route } from './route.js';
import { SocketHabits } from './socket-habits.js';
import { makeContext, secureOptions, type TlsSettings } from './tls.js';

/** Settings of connections: TLS, proxies, HTTP/2. Plain data, so that it crosses to worker threads. */
export interface TransportSettings {
  readonly tls: TlsSettings;
  readonly proxies: ProxySettings;
  /** Offer HTTP/2 to https servers. */
  readonly http2: boolean;
  /** Reads streams of events by `native/`, where it is there. Default: in JavaScript. */
  readonly reader?: 'native' | 'js';
  /** Addresses of hosts by name. They replace the name service. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Addresses of this machine that connections start from, in turns. Default: the system's choice. */
  readonly localAddresses?: readonly string[];
}

/** Defaults: Node's own trust, no proxy, HTTP/1.1. */
export const PLAIN: TransportSettings = {
  tls: { insecureSkipTLSVerify: false },
  proxies: { http: undefined, https: undefined, except: '' },
  http2: false,
};

/** Prefix of a Unix socket's path in an origin. */
const UNIX = 'unix:';

/** Routes to servers, cached. One for each thread, shared by its users. */
export class Transport {
  readonly #settings: TransportSettings;
  readonly #routes = new Map<string, Route>();
  readonly #habits = new Map<string, SocketHabits>();
  #context: SecureContext | undefined;
  /** Connections so far, for turns. */
  #opened = 0;

  constructor(settings: TransportSettings = PLAIN) {
    this.#settings = settings;
  }

  /** Route to an origin: `https://host:port`, or `unix:/path`. Throws a UserError for an invalid proxy. */
  routeTo(origin: string): Route {
    const known = this.#routes.get(origin);
    if (known) return known;
    const route = origin.startsWith(UNIX) ? localRoute(origin.slice(UNIX.length)) : this.#remoteRoute(new URL(origin));
    this.#routes.set(origin, route);
    return route;
  }

  /** Opens a socket along a route; see `openSocket`. */
  open(route: Route, clock: Clock, done: Parameters<typeof openSocket>[2], onRead?: OnRead): Attempt {
    const { localAddresses = [] } = this.#settings;
    if (localAddresses.length === 0) return openSocket(route, clock, done, onRead);
    const localAddress = localAddresses[this.#opened % localAddresses.length];
    this.#opened += 1;
    return openSocket({ ...route, localAddress }, clock, done, onRead);
  }

  /** Reader of plain sockets; undefined for JavaScript. The kernel's stamps are on the machine's clock alone. */
  readerFor(clock: Clock): SocketReader | undefined {
    return this.#settings.reader === 'native' && clock === systemClock ? threadReader() : undefined;
  }

  /** Habits of the server at an origin. */
  habitsOf(origin: string): SocketHabits {
    const known = this.#habits.get(origin) ?? new SocketHabits();
    this.#habits.set(origin, known);
    return known;
  }

  #remoteRoute(url: URL): Route {
    const { tls, proxies, http2, hosts } = this.#settings;
    const isSecure = url.protocol === 'https:';
    const host = bare(url.hostname);
    const address = { host, port: Number(url.port) || (isSecure ? 443 : 80) };
    const proxy = proxyFor(url, proxies);
    const ALPNProtocols = http2 ? ['h2', 'http/1.1'] : ['http/1.1'];
    return {
      origin: url.origin,
      address: knownHost(address, hosts) ?? address,
      proxy,
      tls: isSecure ? { ...secureOptions(host, tls, this.#secureContext()), ALPNProtocols } : undefined,
      offersHttp2: isSecure && http2,
      // `serverName` is the server's, not the proxy's.
      proxyTls: proxy?.secure
        ? secureOptions(proxy.host, { ...tls, serverName: undefined }, this.#secureContext())
        : undefined,
    };
  }

  #secureContext(): SecureContext {
    this.#context ??= makeContext(this.#settings.tls, extraAuthorities());
    return this.#context;
  }
}

function localRoute(path: string): Route {
  return {
    origin: 'http://localhost',
    address: { path },
    proxy: undefined,
    tls: undefined,
    offersHttp2: false,
    proxyTls: undefined,
  };
}

/** Content of NODE_EXTRA_CA_CERTS. Node has already warned where it cannot be read. */
function extraAuthorities(): string | undefined {
  const file = process.env.NODE_EXTRA_CA_CERTS;
  try {
    return file ? readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
