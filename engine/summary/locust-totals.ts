import type { Aggregator } from '../metrics/aggregator.js';
import { type DecimalCounts, DecimalHistogram, fineBucket } from '../metrics/locust/decimal-histogram.js';
import type { LocustView } from '../metrics/locust/locust-record.js';
import type { RequestRow } from '../metrics/locust/request-rows.js';
import type { RowPoint } from '../metrics/locust/row-history.js';
import type { View } from '../metrics/values.js';

/** Run totals in Locust's terms, by method and name. */
export function locustView(
  aggregator: Aggregator,
  whole: View,
  historyOf: (row: RequestRow) => readonly RowPoint[],
): LocustView {
  const { rows, rowHistory } = aggregator;
  const latencies: Partial<Record<keyof LocustView['latencies'], DecimalCounts>> = {};
  for (const name of ['ttft', 'tpot', 'itl', 'e2e'] as const) {
    const counts = latencyOf(aggregator, `llm_${name}`, whole);
    if (counts) latencies[name] = counts;
  }
  return {
    rows: rows.inOrder.map((row) => {
      const { method, name, failures, bytes, firstAt, lastAt, times } = row;
      return { method, name, failures, bytes, firstAt, lastAt, times: times.toCounts(), history: historyOf(row) };
    }),
    historySeconds: rowHistory.width / 1000,
    latencies,
  };
}

/** Latency of the whole run in coarser buckets; undefined without a sample. */
function latencyOf(aggregator: Aggregator, metric: string, { phases }: View): DecimalCounts | undefined {
  const series = aggregator.merged(metric, phases);
  if (series?.kind !== 'trend') return undefined;
  const { sum, min, max } = series.histogram;
  const buckets = new DecimalHistogram(fineBucket);
  const { values, counts } = series.histogram.buckets();
  values.forEach((value, index) => {
    buckets.record(value, counts[index]);
  });
  return { ...buckets.toCounts(), sum, min, max };
}
