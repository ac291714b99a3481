import type { MetricSummary } from '../metrics/snapshot.js';

/** Metrics of requests. None of them can be negative. */
const OF_REQUESTS = /^(llm|http_req)_/;

/** Figures that cannot be: negative or not finite. Each is the metric, the aggregation and the value. */
export function impossibleFigures(metrics: Readonly<Record<string, MetricSummary>>): readonly string[] {
  return Object.entries(metrics)
    .filter(([metric]) => OF_REQUESTS.test(metric))
    .flatMap(([metric, { values }]) =>
      Object.entries(values)
        .filter(([, value]) => !(Number.isFinite(value) && value >= 0))
        .map(([aggregation, value]) => `${metric} ${aggregation} is ${value}`),
    );
}
