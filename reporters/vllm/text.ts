import type { Summary } from '../../engine/metrics/snapshot.js';
import { fixed, left } from '../python.js';
import { perSecond, type VllmFigures, type VllmLatency, vllmFigures } from './figures.js';

const WIDTH = 50;

/** Block that `vllm bench serve` prints at the end of a run. Percentiles are from histograms, as its last line says. */
export function vllmText(summary: Summary): string {
  const figures = vllmFigures(summary);
  const { relativeError } = summary.histograms;
  const lines = [
    centred(' Serving Benchmark Result ', '='),
    ...totals(figures),
    ...figures.latencies.flatMap(latencyLines),
    '='.repeat(WIDTH),
    `(medians and percentiles from histograms: off by ${Number((100 * relativeError).toPrecision(3))} % at most)`,
  ];
  return `${lines.join('\n')}\n`;
}

function totals(figures: VllmFigures): string[] {
  const { completed, failed, seconds, inputTokens, outputTokens, good, peakTokenRate, peakConcurrency } = figures;
  const { plannedConcurrency, plannedRate } = figures;
  const speed = (amount: number) => fixed(perSecond(amount, figures), 2);
  return [
    line('Successful requests:', String(completed)),
    line('Failed requests:', String(failed)),
    ...(plannedConcurrency === undefined ? [] : [line('Maximum request concurrency:', String(plannedConcurrency))]),
    ...(plannedRate === undefined ? [] : [line('Request rate configured (RPS):', fixed(plannedRate, 2))]),
    line('Benchmark duration (s):', fixed(seconds, 2)),
    line('Total input tokens:', String(inputTokens)),
    line('Total generated tokens:', String(outputTokens)),
    line('Request throughput (req/s):', speed(completed)),
    ...(good === undefined ? [] : [line('Request goodput (req/s):', speed(good))]),
    line('Output token throughput (tok/s):', speed(outputTokens)),
    line('Peak output token throughput (tok/s):', fixed(peakTokenRate, 2)),
    line('Peak concurrent requests:', fixed(peakConcurrency, 2)),
    line('Total token throughput (tok/s):', speed(inputTokens + outputTokens)),
  ];
}

function latencyLines({ latency, values }: VllmLatency): string[] {
  const { short, title } = latency;
  const { avg = 0, med = 0, 'p(99)': p99 = 0 } = values;
  return [
    centred(title, '-'),
    line(`Mean ${short} (ms):`, fixed(avg, 2)),
    line(`Median ${short} (ms):`, fixed(med, 2)),
    line(`P99 ${short} (ms):`, fixed(p99, 2)),
  ];
}

function line(label: string, value: string): string {
  return `${left(label, 40)} ${left(value, 10)}`;
}

/** Centered text; like Python, puts an odd blank behind. */
function centred(text: string, fill: string): string {
  const before = Math.floor((WIDTH - text.length) / 2);
  return fill.repeat(before) + text + fill.repeat(WIDTH - text.length - before);
}
