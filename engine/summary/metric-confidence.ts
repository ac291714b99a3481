import type { Aggregator } from '../metrics/aggregator.js';
import { boundsOf, halfWidth, type Part, shareBounds } from '../metrics/confidence.js';
import { FOLLOWED } from '../metrics/delta.js';
import type { Section } from '../metrics/interval.js';
import type { Series } from '../metrics/series.js';
import type { Bounds, MetricSummary, Values } from '../metrics/snapshot.js';
import type { View } from '../metrics/values.js';

/** Most parts of a run. More would be short against their correlation time. */
const MOST_PARTS = 20;

/** Flow metrics, each with its amount in a part. */
const FLOWS: Readonly<Record<string, (section: Section) => number>> = {
  llm_output_tokens_per_second: ({ outputTokens }) => outputTokens,
  llm_total_tokens_per_second: ({ outputTokens, inputTokens }) => outputTokens + inputTokens,
  llm_requests_per_second: ({ requests, failed }) => requests - failed,
  llm_requests_per_minute: ({ requests, failed }) => 60 * (requests - failed),
  llm_concurrency: ({ inFlightTime }) => inFlightTime / 1000,
};

/** Parts of a view for confidence intervals. Shared by all metrics, for they take time. */
export function partsOf(aggregator: Aggregator, { window }: View): readonly Section[] {
  return aggregator.intervals.sections(window.from, window.to, MOST_PARTS);
}

/**
 * Confidence intervals of a metric's values in a view, from its parts. Only metrics recorded over time have them:
 * samples of any other may be correlated to an unknown degree.
 */
export function confidenceOf(
  sections: readonly Section[],
  metric: string,
  series: Series | undefined,
  values: Values,
): Pick<MetricSummary, 'confidence'> {
  const confidence = boundsIn(sections, metric, series, values);
  return Object.keys(confidence).length > 0 ? { confidence } : {};
}

function boundsIn(
  sections: readonly Section[],
  metric: string,
  series: Series | undefined,
  values: Values,
): Record<string, Bounds> {
  const flow = FLOWS[metric];
  if (flow && values.value !== undefined) {
    const width = halfWidth(sections.map((section) => ({ amount: flow(section), of: section.seconds })));
    return width === undefined ? {} : { value: [Math.max(0, values.value - width), values.value + width] };
  }
  if (metric === 'llm_failed' && series?.kind === 'rate') {
    const parts = sections.map(({ failed, requests }): Part => ({ amount: failed, of: requests }));
    const bounds = shareBounds(series.passes, series.total, parts);
    return bounds ? { rate: bounds } : {};
  }
  const followed = FOLLOWED.find((name) => metric === `llm_${name}`);
  if (!followed || series?.kind !== 'trend') return {};
  return boundsOf({ histogram: series.histogram, parts: sections.map(({ latencies }) => latencies[followed]) }, values);
}
