import type { GpuPoint } from '../../engine/metrics/gpu-record.js';
import { meanOf, pointsIn } from '../../engine/metrics/gpu-use.js';
import type { Summary } from '../../engine/metrics/snapshot.js';
import type { LineChart } from '../document/chart.js';
import { bytes, count, percent } from '../format.js';
import { rounded, SECONDS } from './time-charts.js';

/** Label, value and note of a figure. */
type GpuFigure = readonly [label: string, value: string, note?: string];

/** Figures of the cards in the headline window. */
export function gpuFigures({ gpu, windows }: Summary): readonly GpuFigure[] {
  if (!gpu) return [];
  const { from, to } = (windows.headline === 'steady' ? windows.steady : undefined) ?? windows.whole;
  const points = pointsIn(gpu.points, { from: from * 1000, to: to * 1000 });
  const figure = (label: string, of: (point: GpuPoint) => number | null, write: (value: number) => string) => {
    const values = points.map(of);
    const mean = meanOf(values);
    if (mean === null) return [];
    return [[label, write(mean), `at most ${write(Math.max(...values.map((value) => value ?? 0)))}`] as const];
  };
  const share = (label: string, of: (point: GpuPoint) => number | null) => figure(label, of, percent);
  const slowed = points.filter(({ throttled }) => throttled > 0).length;
  const { use, isProfiled, memoryTotal } = gpu;
  const room = memoryTotal === null ? '' : ` of ${bytes(memoryTotal)}`;
  return [
    ['cards', namesOf(gpu.cards), `by ${gpu.source}`],
    ...figure('power', ({ power }) => power, watts),
    ...(use?.joulesPerToken
      ? [['energy per output token', joules(use.joulesPerToken), `${joules(use.energy)} in all`] as const]
      : []),
    ...(use?.tokensPerJoule ? [['tokens/s per watt', figured(use.tokensPerJoule)] as const] : []),
    ...share(isProfiled ? 'SM activity' : 'busy', ({ activity }) => activity),
    ...share(isProfiled ? 'memory bandwidth (MBU)' : 'memory busy', ({ memoryActivity }) => memoryActivity),
    ...figure(
      'card memory',
      ({ memoryUsed }) => memoryUsed,
      (value) => `${bytes(value)}${room}`,
    ),
    ...figure(
      'clock',
      ({ clock }) => clock,
      (value) => `${count(value)} MHz`,
    ),
    ...figure(
      'temperature',
      ({ temperature }) => temperature,
      (value) => `${count(value)} °C`,
    ),
    ...(slowed > 0 ? [['throttled', percent(slowed / points.length), 'of the looks, by power or heat'] as const] : []),
  ];
}

/** Charts of the cards over time. */
export function gpuCharts({ gpu, windows }: Pick<Summary, 'gpu' | 'windows'>): readonly LineChart[] {
  if (!gpu) return [];
  const line = (label: string, color: number, style: 'area' | 'line', of: (point: GpuPoint) => number | null) => ({
    ...{ label, color, style },
    points: gpu.points.map((point) => ({ x: point.at, y: rounded(of(point)) })),
  });
  const chart = (title: string, y: LineChart['y'], lines: LineChart['lines']): LineChart[] => {
    const shown = lines.filter(({ points }) => points.some(({ y: value }) => (value ?? 0) > 0));
    const shaded = windows.steady ? { shaded: windows.steady } : {};
    return shown.length === 0 ? [] : [{ title, x: SECONDS, y, lines: shown, ...shaded }];
  };
  return [
    ...chart('Power of the cards', { name: 'watts', unit: 'count' }, [line('W', 2, 'area', ({ power }) => power)]),
    ...chart('Activity of the cards', { name: 'share', unit: 'share', reach: 1 }, [
      line(gpu.isProfiled ? 'SM' : 'busy', 1, 'line', ({ activity }) => activity),
      line(gpu.isProfiled ? 'memory bandwidth' : 'memory busy', 5, 'line', ({ memoryActivity }) => memoryActivity),
    ]),
  ];
}

/** Names with their numbers: `8 × NVIDIA H200`. */
function namesOf(cards: readonly string[]): string {
  const kinds = [...new Set(cards)];
  return kinds.map((kind) => `${cards.filter((card) => card === kind).length} × ${kind}`).join(', ');
}

/** Power in watts. */
export function watts(value: number): string {
  return `${count(Math.round(value))} W`;
}

function joules(value: number): string {
  return value >= 3600 ? `${figured(value / 3600)} Wh` : `${figured(value)} J`;
}

/** Number with three digits. */
function figured(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 6 });
}
