import { BUILT_IN } from '../../engine/metrics/catalogue.js';
import type { RecordedInterval } from '../../engine/metrics/snapshot.js';
import type { ComparedRun } from '../../engine/results/compare/compared-run.js';
import { nameOf } from '../../engine/results/compare/differences.js';
import type { Chart, Line } from '../document/chart.js';
import { binned, centers, limitOf } from '../html/distribution.js';
import { LATENCIES, rounded, timeline } from '../html/time-charts.js';

/** One of eight colors, repeated from the ninth run on. */
const colorOf = (index: number) => (index % 8) + 1;

/** Curves of the runs over one another, since the start of each load. */
export function timeCharts(runs: readonly ComparedRun[]): readonly Chart[] {
  const curves: readonly (readonly [
    title: string,
    y: Chart['y'],
    yName: string,
    of: (interval: RecordedInterval) => number | null,
  ])[] = [
    ['Output tokens per second', 'count', 'tokens/s', ({ outputTokens, seconds }) => outputTokens / seconds],
    ['Requests in flight', 'count', 'requests', ({ concurrency }) => concurrency],
    ...LATENCIES.map(
      ([name, title]) => [`${title}, p95`, 'time', 'latency', (each: RecordedInterval) => each[name].p95] as const,
    ),
    ['Failed requests per second', 'count', 'requests/s', ({ failed, seconds }) => failed / seconds],
  ];
  const xs = [...new Set(runs.flatMap((run) => timeline(run).map(({ at }) => at)))].sort((a, b) => a - b);
  return curves.flatMap(([title, y, yName, of]) => {
    const lines = runs.flatMap(({ intervals }, index): Line[] => {
      // Intervals of runs may differ in length; each value holds for its whole interval.
      const values = xs.map((x) => {
        const interval = intervals.find(({ at, seconds }) => at <= x && x < at + seconds);
        return interval ? rounded(of(interval)) : null;
      });
      if (!values.some((value) => value !== null && value >= 0)) return [];
      return [{ label: nameOf(index), color: colorOf(index), style: 'line', values }];
    });
    const any = lines.some(({ values }) => values.some((value) => value !== null && value > 0));
    return any ? [{ title, x: 'seconds', xName: 'time since the load began', y, yName, xs, lines }] : [];
  });
}

/** Distributions of latencies over one another. */
export function distributionCharts(runs: readonly ComparedRun[]): readonly Chart[] {
  const metrics: readonly (readonly [metric: string, title: string])[] = [
    ...LATENCIES.map(([name, title]) => [`llm_${name}`, title] as const),
    ...(['llm_ttft_chunk', 'llm_chunk_gap'] as const).map((metric) => [metric, BUILT_IN[metric].title] as const),
  ];
  return metrics.flatMap(([metric, title]) => {
    const found = runs.flatMap(({ metrics }, index) => {
      const { histogram, values } = metrics[metric] ?? {};
      return histogram && values && histogram.counts.length > 0 ? [{ index, histogram, values }] : [];
    });
    if (found.length < 2 || (metric.includes('chunk') && !runs.some(({ tool }) => tool === 'vllm'))) return [];
    const limit = limitOf(found.map(({ values }) => values));
    const lines = found.map(({ index, histogram }): Line => {
      return { label: nameOf(index), color: colorOf(index), style: 'steps', values: binned(histogram, limit) };
    });
    const names = { xName: 'latency', yName: 'share of the samples' };
    return [{ title, x: 'time', y: 'share', ...names, xs: centers(limit), lines } satisfies Chart];
  });
}
