import { BUILT_IN, type BuiltInMetric } from '../../engine/metrics/catalogue.js';
import type { Summary } from '../../engine/metrics/snapshot.js';

type Info = Partial<BuiltInMetric>;
type Shown = NonNullable<BuiltInMetric['shown']>;

const METRICS: Readonly<Record<string, Info>> = BUILT_IN;

/** Latency that reports show as a row. */
export interface LatencyRow {
  readonly label: string;
  /** Label below a heading that says the rest. */
  readonly short: string;
  readonly metric: string;
}

/** Value of a metric that reports show as a row. */
export interface FigureRow {
  readonly label: string;
  readonly metric: string;
  readonly key: string;
}

type LatencyKind = Shown['latency'];

const LATENCIES = Object.entries(METRICS).flatMap(([metric, { shown }]) =>
  shown?.latency ? [{ label: nameOf(metric), short: shortOf(metric), metric, shown }] : [],
);

/** Latencies of these kinds that a run shows, in the catalogue's order. */
export function latenciesOf(
  summary: Pick<Summary, 'metrics' | 'plan'>,
  ...kinds: readonly LatencyKind[]
): readonly LatencyRow[] {
  const isOpen = summary.plan.scenarios.some(({ kind }) => kind === 'open');
  return LATENCIES.filter(({ metric, shown: { latency, unlike } }) => {
    if (!kinds.includes(latency) || (latency === 'scheduled' && !isOpen)) return false;
    return !unlike || isUnlike(summary, metric, unlike);
  });
}

/** Latencies of these kinds in tables by request name. */
export function latenciesByName(...kinds: readonly LatencyKind[]): readonly LatencyRow[] {
  return LATENCIES.filter(({ shown: { latency, byName } }) => byName && kinds.includes(latency));
}

/** Compares the means of two metrics, except for their rounding. */
function isUnlike({ metrics }: Pick<Summary, 'metrics'>, metric: string, other: string): boolean {
  const [own, twin] = [metrics[metric]?.values.avg, metrics[other]?.values.avg];
  return own !== undefined && twin !== undefined && Math.abs(own - twin) > 1e-9 * twin;
}

/** Figures of short or of full reports, in the catalogue's order. */
export function figuresOf(view: 'brief' | 'full'): readonly FigureRow[] {
  return Object.entries(METRICS).flatMap(([metric, { shown }]) =>
    (shown?.[view] ?? []).map((key) => ({ label: figureLabel(metric, key), metric, key })),
  );
}

/** Label of a figure: `TTFT p95`, `HTTP requests/s`, `input tokens a request`. */
export function figureLabel(metric: string, key: string, name = nameOf(metric)): string {
  const { kind, tally } = METRICS[metric] ?? {};
  if (tally) return key === 'avg' ? `${name} a request` : name;
  if (kind === 'trend') return `${name} ${key === 'med' ? 'p50' : key.replace(/^p\((.*)\)$/, 'p$1')}`;
  return kind === 'counter' && key === 'rate' ? `${name}/s` : name;
}

/** Name of a metric in reports. */
export function nameOf(metric: string): string {
  return METRICS[metric]?.label ?? metric;
}

/** Name of a metric in narrow tables. */
export function shortOf(metric: string): string {
  return METRICS[metric]?.short ?? nameOf(metric);
}
