import { Secrets } from '../client/secrets.js';
import { parseTarget, parseTargets, type TargetAddress } from '../client/target.js';
import { Connection } from '../client/transport/connection.js';
import { Transport, type TransportSettings } from '../client/transport/transport.js';
import { type Clock, every } from '../clock.js';
import { messageOf } from '../errors.js';
import type { ChangedPoints } from '../metrics/changed-points.js';
import type { ServerFigures, ServerPoint, ServerRecord, ServerState } from '../metrics/server-record.js';
import { CounterGrowth } from './counter-growth.js';
import { ThinnedPoints } from './thinned-points.js';
import { readServerPage, type ServerPage, sumFigures } from './vllm.js';

/** Polling interval of servers, in milliseconds. TIMEOUT is the timeout of a poll. */
const INTERVAL = 1000;
const TIMEOUT = 2000;

/** Monitor of the servers under test. */
export interface ServerMonitor {
  /** Undefined until a server has reported. */
  readonly state: ServerState | undefined;
  readonly record: ServerRecord | undefined;
  /** Points of the record that changed since the last call, or all. To be called by one reader alone. */
  takeChanged(all: boolean): ChangedPoints<ServerPoint>;
  end(): void;
}

/** Servers to monitor, and dependencies. */
export interface MonitorOptions {
  readonly targets: readonly TargetAddress[];
  readonly transport: TransportSettings;
  /**
   * URL of a metrics page, or `auto`, or `off`. `auto` is `/metrics` of each server, given up where the first poll
   * finds none.
   */
  readonly asked: string;
  readonly clock: Clock;
  /** Start of the load on the clock; undefined until known. */
  readonly startAt: () => number | undefined;
  /** Reports a given page that cannot be read; called once. */
  readonly warn: (text: string) => void;
}

interface Page {
  readonly url: string;
  readonly connection: Connection;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Polls the servers' metrics once a second, from now on. A failure is never an error of the run. */
export function monitorServer({ targets, transport, asked, clock, startAt, warn }: MonitorOptions): ServerMonitor {
  const pages = asked === 'off' ? [] : pagesOf(targets, asked, new Transport(transport), clock);
  const secrets = new Secrets();
  parseTargets(targets, secrets);
  const { redact, redactAll } = secrets;
  const points = new ThinnedPoints<ServerPoint>();
  let first: ServerFigures | undefined;
  let last: ServerFigures | null = null;
  let config: ServerPage['cacheConfig'] = null;
  let version: string | null = null;
  const growth = new CounterGrowth();
  /** Time of the last poll that was answered, in seconds. */
  let seenAt = 0;
  let isPolling = false;
  let isWarned = false;

  const poll = async () => {
    if (isPolling) return;
    isPolling = true;
    const found = await Promise.allSettled(pages.map(readPage));
    isPolling = false;
    const read = found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    last = read.length === pages.length ? sumFigures(read.map(({ figures }) => figures)) : null;
    if (last) record(last, read);
    else if (first === undefined) fail(found.find((each) => each.status === 'rejected'));
  };

  const record = (figures: ServerFigures, read: readonly ServerPage[]) => {
    if (first === undefined) void findVersion(pages[0]).then((text) => (version = redactAll(text)));
    config ??= redactAll(read[0]?.cacheConfig ?? null);
    const at = (clock.now() - (startAt() ?? Number.POSITIVE_INFINITY)) / 1000;
    // Figures before the load are the baseline of its counts.
    if (first === undefined || at < 0) {
      first = figures;
      growth.start(figures);
    } else if (growth.add(figures)) {
      warn(`the server began anew between ${seenAt.toFixed(1)} s and ${at.toFixed(1)} s: its counters fell`);
    }
    seenAt = Math.max(0, at);
    if (at >= 0) points.add({ at, ...figures });
  };

  const fail = (why: PromiseRejectedResult | undefined) => {
    if (asked === 'auto') return end();
    const reason = why ? redact(messageOf(why.reason)) : "they are not vLLM's";
    if (!isWarned) warn(`the server's metrics cannot be read at ${shown}: ${reason}`);
    isWarned = true;
  };

  const end = () => {
    stop();
    for (const { connection } of pages) connection.close();
  };

  const shown = redact(pages.map(({ url }) => url).join(', '));
  const told = () => ({ metricsUrl: shown, version, cacheConfig: config, ...sinceBaseline(growth) });
  const stop = pages.length === 0 ? () => undefined : every(clock, INTERVAL, () => void poll());
  if (pages.length > 0) void poll();

  return {
    get state() {
      return first && { ...told(), figures: last };
    },
    get record() {
      return first && { ...told(), points: points.kept };
    },
    takeChanged: (all) => points.takeChanged(all),
    end,
  };
}

function sinceBaseline(growth: CounterGrowth): Pick<ServerRecord, 'preemptions' | 'prefixHitRate' | 'draftAcceptance'> {
  const share = (part: number | null, whole: number | null) => (whole && part !== null ? part / whole : null);
  return {
    preemptions: growth.of('preemptions'),
    prefixHitRate: share(growth.of('prefixHits'), growth.of('prefixQueries')),
    draftAcceptance: share(growth.of('acceptedTokens'), growth.of('draftTokens')),
  };
}

/** Metrics pages: `/metrics` at each server's root, or the given one. */
function pagesOf(
  targets: readonly TargetAddress[],
  asked: string,
  transport: Transport,
  clock: Clock,
): readonly Page[] {
  if (asked !== 'auto') {
    const { origin, pathname, search } = new URL(asked);
    const path = (pathname === '/' ? '/metrics' : pathname) + search;
    return [{ url: origin + path, connection: new Connection(origin, transport, clock), path, headers: {} }];
  }
  const byOrigin = new Map(targets.map((target) => [parseTarget(target).origin, parseTarget(target)]));
  return [...byOrigin.values()].map(({ origin, headers }) => ({
    url: `${origin}/metrics`,
    connection: new Connection(origin, transport, clock),
    path: '/metrics',
    headers: headers.authorization === undefined ? {} : { authorization: headers.authorization },
  }));
}

async function readPage(page: Page): Promise<ServerPage> {
  const text = await get(page, page.path);
  const read = readServerPage(text);
  if (!read) throw new Error(`it has no vLLM metrics`);
  return read;
}

/** Version that the server reports; null without one. */
async function findVersion(page: Page | undefined): Promise<string | null> {
  try {
    const { version } = JSON.parse(page ? await get(page, '/version') : '{}') as { readonly version?: unknown };
    return typeof version === 'string' ? version : null;
  } catch {
    return null;
  }
}

async function get({ connection, headers }: Page, path: string): Promise<string> {
  const timeouts = { headersTimeout: TIMEOUT, bodyTimeout: TIMEOUT };
  const { statusCode, body } = await connection.client.request({ method: 'GET', path, headers, ...timeouts });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
  return text;
}
