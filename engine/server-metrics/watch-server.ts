import { Secrets } from '../client/secrets.js';
import { parseTargets, type TargetAddress } from '../client/target.js';
import { Transport, type TransportSettings } from '../client/transport/transport.js';
import { type Clock, every } from '../clock.js';
import { messageOf } from '../errors.js';
import type { ChangedPoints } from '../metrics/changed-points.js';
import type { ServerFigures, ServerPoint, ServerRecord, ServerState } from '../metrics/server-record.js';
import { CounterGrowth } from './counter-growth.js';
import { findVersion, pagesOf, type ReadPage, readPage, UnknownServer } from './pages.js';
import { ServerFacts } from './server-facts.js';
import { sumFigures } from './server-page.js';
import { ThinnedPoints } from './thinned-points.js';

/** Polling interval of servers, in milliseconds. */
const INTERVAL = 1000;

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

/** Polls the servers' metrics once a second, from now on. A failure is never an error of the run. */
export function monitorServer({ targets, transport, asked, clock, startAt, warn }: MonitorOptions): ServerMonitor {
  const pages = asked === 'off' ? [] : pagesOf(targets, asked, new Transport(transport), clock);
  const secrets = new Secrets();
  parseTargets(targets, secrets);
  const { redact, redactAll } = secrets;
  const points = new ThinnedPoints<ServerPoint>();
  let first: ServerFigures | undefined;
  let last: ServerFigures | null = null;
  const facts = new ServerFacts();
  const growth = new CounterGrowth();
  /** Time of the last poll that was answered, in seconds. */
  let seenAt = 0;
  let [isPolling, isWarned] = [false, false];

  const poll = async () => {
    if (isPolling) return;
    isPolling = true;
    const began = clock.now();
    const found = await Promise.allSettled(pages.map(readPage));
    isPolling = false;
    const read = found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    last = read.length === pages.length ? sumFigures(read.map(({ figures }) => figures)) : null;
    if (last) record(last, read, clock.now() - began);
    else if (first === undefined) fail(found.find((each) => each.status === 'rejected'));
  };

  const record = (figures: ServerFigures, read: readonly ReadPage[], time: number) => {
    if (first === undefined) void findVersion(pages[0], read[0]).then((version) => (facts.version = version));
    facts.enter(read, time);
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
    const isUnknown = why?.reason instanceof UnknownServer;
    // Most servers have no such page.
    if ((asked !== 'auto' || isUnknown) && !isWarned) {
      warn(`the server's metrics cannot be read at ${shown()}: ${redact(messageOf(why?.reason))}`);
    }
    isWarned = true;
    if (asked === 'auto') end();
  };

  const end = () => {
    stop();
    for (const { connection } of pages) connection.close();
  };

  const shown = () => redact(pages.map(({ origin, paths: [path] }) => `${origin}${path}`).join(', '));
  const told = () => ({ metricsUrl: shown(), ...redactAll(facts.told), ...sinceBaseline(growth) });
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
