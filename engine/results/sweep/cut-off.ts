import type { MetricSummary, Summary } from '../../metrics/snapshot.js';
import { type parseCondition, percentOf } from '../../metrics/thresholds.js';
import { percentileOf } from '../confidence-interval.js';

type Distribution = NonNullable<MetricSummary['histogram']>;

/** Metric of the sessions that ended. */
const DURATION = 'llm_session_duration';

/**
 * Percentile of the duration of sessions, of which some were cut off. Those older than the limit are included at their
 * age: they would have taken longer, so the figure is at least that. Undefined where no such condition is meant, or none was older.
 */
export function leastDuration(
  metrics: Summary['metrics'],
  metric: string,
  { aggregation, operator, limit }: Partial<NonNullable<ReturnType<typeof parseCondition>>>,
): { readonly observed: number; readonly cutOff: number } | undefined {
  const percent = aggregation === 'med' ? 50 : aggregation?.startsWith('p(') ? percentOf(aggregation) : undefined;
  if (metric !== DURATION || percent === undefined || limit === undefined || !operator?.startsWith('<'))
    return undefined;
  const older = beyond(metrics.llm_session_censored?.histogram, limit);
  const cutOff = older.counts.reduce((sum, count) => sum + count, 0);
  if (cutOff === 0) return undefined;
  const observed = percentileOf(merged(metrics[metric]?.histogram ?? { values: [], counts: [] }, older), percent);
  return observed === undefined ? undefined : { observed, cutOff };
}

function beyond({ values, counts }: Distribution = { values: [], counts: [] }, limit: number): Distribution {
  const first = values.findIndex((value) => value > limit);
  return first < 0 ? { values: [], counts: [] } : { values: values.slice(first), counts: counts.slice(first) };
}

function merged(a: Distribution, b: Distribution): Distribution {
  const pairs = [a, b]
    .flatMap(({ values, counts }) => values.map((value, index) => [value, counts[index] ?? 0] as const))
    .sort(([one], [two]) => one - two);
  return { values: pairs.map(([value]) => value), counts: pairs.map(([, count]) => count) };
}
