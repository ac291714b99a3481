import { isHere } from '../client/here.js';
import type { TargetAddress } from '../client/target.js';
import { Transport, type TransportSettings } from '../client/transport/transport.js';
import { type Clock, every } from '../clock.js';
import { messageOf } from '../errors.js';
import type { ChangedPoints } from '../metrics/changed-points.js';
import type { CardReading, GpuInfo, GpuPoint, GpuState } from '../metrics/gpu-record.js';
import { meanOf } from '../metrics/gpu-use.js';
import { ThinnedPoints } from '../server-metrics/thinned-points.js';
import { dcgmSource, type GpuSource, localSource } from './source.js';

/** Time between looks, in milliseconds. */
const INTERVAL = 1000;

/** Monitor of the cards behind the servers. */
export interface GpuMonitor {
  /** Undefined until they have been read. */
  readonly state: GpuState | undefined;
  readonly info: GpuInfo | undefined;
  readonly points: readonly GpuPoint[];
  /** Points that changed since the last call, or all. To be called by one reader alone. */
  takeChanged(all: boolean): ChangedPoints<GpuPoint>;
  end(): void;
}

/** Cards to monitor, and dependencies. */
export interface GpuOptions {
  readonly targets: readonly TargetAddress[];
  readonly transport: TransportSettings;
  /** URL of a DCGM exporter, or `auto`, or `off`. `auto` is this machine's own tool, if a server is on it. */
  readonly asked: string;
  /** Folders in which tools are looked for, as in PATH. */
  readonly path: string;
  readonly clock: Clock;
  /** Start of the load on the clock; undefined until known. */
  readonly startAt: () => number | undefined;
  /** Reports cards that cannot be read; called once. */
  readonly warn: (text: string) => void;
}

/** Reads the cards once a second, from now on. A failure is never an error of the run. */
export function monitorGpu(options: GpuOptions): GpuMonitor {
  const { clock, startAt, warn, asked } = options;
  const source = sourceOf(options);
  const points = new ThinnedPoints<GpuPoint>();
  let info: GpuInfo | undefined;
  let latest: GpuPoint | null = null;
  let [isReading, isWarned] = [false, false];

  const look = async (from: GpuSource) => {
    if (isReading) return;
    isReading = true;
    try {
      const { cards, isProfiled } = await from.read();
      if (cards.length === 0) throw new Error('there is no card');
      info ??= infoOf(from.name, cards, isProfiled);
      const at = (clock.now() - (startAt() ?? Number.POSITIVE_INFINITY)) / 1000;
      latest = pointOf(at, cards);
      if (at >= 0) points.add(latest);
    } catch (error) {
      latest = null;
      // A tool without a card is usual, a page that was named is not.
      if (!isWarned && (asked !== 'auto' || info))
        warn(`the cards cannot be read from ${from.name}: ${firstLine(error)}`);
      isWarned = true;
      if (asked === 'auto' && !info) end();
    } finally {
      isReading = false;
    }
  };

  const stop = source ? every(clock, INTERVAL, () => void look(source)) : () => undefined;
  const end = () => {
    stop();
    source?.close();
  };
  if (source) void look(source);
  return {
    get state() {
      return info && { ...info, point: latest };
    },
    get info() {
      return info;
    },
    get points() {
      return points.kept;
    },
    takeChanged: (all) => points.takeChanged(all),
    end,
  };
}

function sourceOf({ targets, transport, asked, path, clock }: GpuOptions): GpuSource | undefined {
  if (asked === 'off') return undefined;
  if (asked !== 'auto') return dcgmSource(asked, new Transport(transport), clock);
  return targets.some(isHere) ? localSource(path) : undefined;
}

function infoOf(source: string, cards: readonly CardReading[], isProfiled: boolean): GpuInfo {
  return {
    source,
    cards: cards.map(({ name }) => name),
    memoryTotal: sumOf(cards.map(({ memoryTotal }) => memoryTotal)),
    isProfiled,
  };
}

function pointOf(at: number, cards: readonly CardReading[]): GpuPoint {
  const temperatures = cards.flatMap(({ temperature }) => temperature ?? []);
  return {
    at,
    power: sumOf(cards.map(({ power }) => power)),
    energy: sumOf(cards.map(({ energy }) => energy)),
    activity: meanOf(cards.map(({ activity }) => activity)),
    memoryActivity: meanOf(cards.map(({ memoryActivity }) => memoryActivity)),
    memoryUsed: sumOf(cards.map(({ memoryUsed }) => memoryUsed)),
    clock: meanOf(cards.map(({ clock }) => clock)),
    temperature: temperatures.length === 0 ? null : Math.max(...temperatures),
    throttled: cards.filter(({ isThrottled }) => isThrottled).length,
  };
}

/** Sum of all values; null where one is not known. */
function sumOf(values: readonly (number | null)[]): number | null {
  return values.reduce((sum: number | null, value) => (sum === null || value === null ? null : sum + value), 0);
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? '';
}
