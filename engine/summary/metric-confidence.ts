import type { Aggregator } from '../metrics/aggregator.js';
import type { MetricInfo } from '../metrics/catalogue.js';
import { boundsOf, halfWidth, type Part, shareBounds } from '../metrics/confidence.js';
import { FOLLOWED } from '../metrics/delta.js';
import type { Section } from '../metrics/interval.js';
import type { Series } from '../metrics/series.js';
import type { Bounds, MetricSummary, Values } from '../metrics/snapshot.js';
import type { View } from '../metrics/values.js';

/** Most parts of a run. More would be short against their correlation time. */
const MOST_PARTS = 20;

/** Amounts in a part, of flows that are followed over time. */
const AMOUNTS: Readonly<Partial<Record<string, (section: Section) => number>>> = {
  flow_output_tokens: ({ outputTokens }) => outputTokens,
  flow_input_tokens: ({ inputTokens }) => inputTokens,
  flow_requests: ({ requests, failed }) => requests - failed,
  flow_in_flight_ms: ({ inFlightTime }) => inFlightTime,
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
  info: MetricInfo,
  series: Series | undefined,
  values: Values,
): Pick<MetricSummary, 'confidence'> {
  const confidence = boundsIn(sections, metric, info, series, values);
  return Object.keys(confidence).length > 0 ? { confidence } : {};
}

function boundsIn(
  sections: readonly Section[],
  metric: string,
  { derived }: MetricInfo,
  series: Series | undefined,
  values: Values,
): Record<string, Bounds> {
  if (derived) return rateBounds(sections, derived, values);
  if (metric === 'llm_failed' && series?.kind === 'rate') {
    const parts = sections.map(({ failed, requests }): Part => ({ amount: failed, of: requests }));
    const bounds = shareBounds(series.passes, series.total, parts);
    return bounds ? { rate: bounds } : {};
  }
  const followed = FOLLOWED.find((name) => metric === `llm_${name}`);
  if (!followed || series?.kind !== 'trend') return {};
  return boundsOf({ histogram: series.histogram, parts: sections.map(({ latencies }) => latencies[followed]) }, values);
}

/** Bounds of a derived metric. None where a flow of it is not followed over time. */
function rateBounds(
  sections: readonly Section[],
  weights: Readonly<Record<string, number>>,
  { value }: Values,
): Record<string, Bounds> {
  const flows = Object.entries(weights);
  if (value === undefined || !flows.every(([flow]) => AMOUNTS[flow])) return {};
  const amount = (section: Section) =>
    flows.reduce((sum, [flow, weight]) => sum + weight * (AMOUNTS[flow]?.(section) ?? 0), 0);
  const width = halfWidth(sections.map((section) => ({ amount: amount(section), of: section.seconds })));
  return width === undefined ? {} : { value: [Math.max(0, value - width), value + width] };
}
