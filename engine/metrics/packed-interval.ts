import { FOLLOWED } from './delta.js';
import type { HistogramDelta } from './histogram-delta.js';
import {
  byName,
  type CountedFigures,
  type Interval,
  type Quantiles,
  quantilesOf,
  type WorkerPeak,
} from './interval.js';
import { type PackedDelta, pack } from './packed-delta.js';

/**
 * Bytes of an interval: figures as doubles, then buckets. A third of what objects take. Doubles are the figures, three
 * of each worker, six of each distribution, and the percentiles.
 */
export type PackedInterval = Float64Array<ArrayBuffer>;

/** Places of the figures; the first is the number of workers. */
const FIGURES = [
  'requests',
  'failed',
  'dropped',
  'outputTokens',
  'inputTokens',
  'inFlightTime',
  'utilization',
] as const;
const OUTPUT_TOKENS = 1 + FIGURES.indexOf('outputTokens');
const PER_WORKER = 3;
const PER_DISTRIBUTION = 6;
/** Three of each latency, and one of the loop's delay. */
const QUANTILES = 3 * FOLLOWED.length + 1;

/** Packs an interval with its percentiles. */
export function packInterval(interval: Interval<HistogramDelta>): PackedInterval {
  const distributions = [...FOLLOWED.map((name) => interval.latencies[name]), interval.loopDelay].map(pack);
  const quantiles = quantilesOf(interval);
  const doubles = [
    interval.byWorker.size,
    ...FIGURES.map((name) => interval[name]),
    ...[...interval.byWorker].flatMap(([worker, { vus, inFlightPeak }]) => [worker, vus, inFlightPeak]),
    ...distributions.flatMap(({ count, sum, sumOfSquares, min, max, bytes }) => {
      return [count, sum, sumOfSquares, min, max, bytes.length];
    }),
    ...FOLLOWED.flatMap((name) => [quantiles[name].p50, quantiles[name].p95, quantiles[name].p99].map(orNaN)),
    orNaN(quantiles.loopDelay),
  ];
  const size = distributions.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const packed = new Float64Array(doubles.length + Math.ceil(size / 8));
  packed.set(doubles);
  const all = new Uint8Array(packed.buffer);
  let at = 8 * doubles.length;
  for (const { bytes } of distributions) {
    all.set(bytes, at);
    at += bytes.length;
  }
  return packed;
}

/** Unpacks an interval. Its distributions stay where they are. */
export function unpackInterval(packed: PackedInterval): Interval {
  let next = distributionsAt(packed);
  let at = 8 * (quantilesAt(packed) + QUANTILES);
  const bytes = new Uint8Array(packed.buffer);
  const read = () => packed[next++] ?? 0;
  const distribution = (): PackedDelta => {
    const figures = { count: read(), sum: read(), sumOfSquares: read(), min: read(), max: read() };
    const from = at;
    at += read();
    return { ...figures, bytes, from, to: at };
  };
  return { ...unpackFigures(packed), latencies: byName(distribution), loopDelay: distribution() };
}

/** Figures of a packed interval, without its distributions. */
export function unpackFigures(packed: PackedInterval): CountedFigures {
  const figure = (name: (typeof FIGURES)[number]) => packed[1 + FIGURES.indexOf(name)] ?? 0;
  const byWorker = new Map<number, WorkerPeak>();
  for (let at = 1 + FIGURES.length; at < distributionsAt(packed); at += PER_WORKER) {
    byWorker.set(packed[at] ?? 0, { vus: packed[at + 1] ?? 0, inFlightPeak: packed[at + 2] ?? 0 });
  }
  return {
    requests: figure('requests'),
    failed: figure('failed'),
    dropped: figure('dropped'),
    outputTokens: figure('outputTokens'),
    inputTokens: figure('inputTokens'),
    inFlightTime: figure('inFlightTime'),
    utilization: figure('utilization'),
    byWorker,
  };
}

/** Percentiles of a packed interval, from when it was packed. */
export function packedQuantiles(packed: PackedInterval): Quantiles {
  let next = quantilesAt(packed);
  const read = () => orNull(packed[next++] ?? Number.NaN);
  let distribution = distributionsAt(packed);
  const latencies = byName(() => {
    const count = packed[distribution] ?? 0;
    distribution += PER_DISTRIBUTION;
    return { count, p50: read(), p95: read(), p99: read() };
  });
  return { ...latencies, loopDelay: read() };
}

/** Adds output tokens to a packed interval. */
export function addOutputTokens(packed: PackedInterval, tokens: number): void {
  packed[OUTPUT_TOKENS] = (packed[OUTPUT_TOKENS] ?? 0) + tokens;
}

function distributionsAt(packed: PackedInterval): number {
  return 1 + FIGURES.length + PER_WORKER * (packed[0] ?? 0);
}

function quantilesAt(packed: PackedInterval): number {
  return distributionsAt(packed) + PER_DISTRIBUTION * (FOLLOWED.length + 1);
}

function orNaN(value: number | null): number {
  return value ?? Number.NaN;
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
