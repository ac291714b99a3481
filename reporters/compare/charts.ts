import { BUILT_IN } from '../../engine/metrics/catalogue.js';
import type { ComparedRun } from '../../engine/results/compare/compared-run.js';
import { nameOf } from '../../engine/results/compare/differences.js';
import type { Line, LineChart } from '../document/chart.js';
import { binned, DISTRIBUTION, limitOf } from '../run/distributions.js';
import { LATENCIES, rounded, SECONDS, TIME_CHARTS, timeline } from '../run/time-charts.js';

/** Name and color of a run's line. Eight colors repeat from the ninth run on. */
const lineOf = (run: number) => ({ label: nameOf(run), color: (run % 8) + 1 });

/** Curves of the runs over one another. Time is since the start of each load. */
export function timeCharts(runs: readonly ComparedRun[]): readonly LineChart[] {
  const xs = [...new Set(runs.flatMap((run) => timeline(run).map(({ at }) => at)))].sort((a, b) => a - b);
  const all = TIME_CHARTS.flatMap(({ y, curves }) => curves.map(([, , , of, title]) => ({ title, y, of })));
  return all.flatMap(({ title, y, of }): LineChart[] => {
    const lines = runs.map(({ intervals }, run): Line => {
      // Intervals of runs may differ in length; each value holds for its whole interval.
      const points = xs.map((x) => {
        const interval = intervals.find(({ at, seconds }) => at <= x && x < at + seconds);
        return { x, y: interval ? rounded(of(interval)) : null };
      });
      return { ...lineOf(run), style: 'line', points };
    });
    const shown = lines.filter(({ points }) => points.some((point) => (point.y ?? 0) > 0));
    return title === undefined || shown.length === 0 ? [] : [{ title, x: SECONDS, y, lines: shown }];
  });
}

/** Distributions of latencies over one another. */
export function distributionCharts(runs: readonly ComparedRun[]): readonly LineChart[] {
  const metrics: readonly (readonly [metric: string, title: string])[] = [
    ...LATENCIES.map(([name, title]) => [`llm_${name}`, title] as const),
    ...(['llm_ttft_chunk', 'llm_chunk_gap'] as const).map((metric) => [metric, BUILT_IN[metric].title] as const),
  ];
  return metrics.flatMap(([metric, title]): LineChart[] => {
    const found = runs.flatMap(({ metrics }, run) => {
      const { histogram, values } = metrics[metric] ?? {};
      return histogram && values && histogram.counts.length > 0 ? [{ run, histogram, values }] : [];
    });
    if (found.length < 2 || (metric.includes('chunk') && !runs.some(({ tool }) => tool === 'vllm'))) return [];
    const limit = limitOf(found.map(({ values }) => values));
    const lines = found.map(({ run, histogram }): Line => {
      return { ...lineOf(run), style: 'steps', points: binned(histogram, limit) };
    });
    return [{ title, ...DISTRIBUTION, lines }];
  });
}
