import type { Aggregator } from '../metrics/aggregator.js';
import { BUILT_IN, findMetric, type MetricInfo } from '../metrics/catalogue.js';
import type { Section } from '../metrics/interval.js';
import type { Tags } from '../metrics/series.js';
import type { MetricSummary } from '../metrics/snapshot.js';
import { unboundedOf, type Views, valuesOf } from '../metrics/values.js';
import type { Plan } from '../options/plan.js';
import { confidenceOf, partsOf } from './metric-confidence.js';
import type { RecordInputs } from './summary-inputs.js';

/** Plan as far as the order of its scenarios goes. */
type ScenarioNames = { readonly scenarios: readonly { readonly name: string }[] };

/** Submetrics always shown, as in k6: durations of successful requests. */
const EXPECTED_RESPONSES: Plan['submetrics'] = [
  {
    text: 'http_req_duration{expected_response:true}',
    name: 'http_req_duration',
    selector: { expected_response: 'true' },
    window: 'steady',
  },
];

/** Every metric with a sample, and its submetrics used by thresholds. */
export function metricsOf({ plan, aggregator, views, custom }: RecordInputs): Record<string, MetricSummary> {
  const metrics: Record<string, MetricSummary> = {};
  const found = aggregator.metrics();
  const parts = partsOf(aggregator, views.steady ?? views.whole);
  if (found.has('llm_requests') || found.has('llm_censored')) {
    const hasSessions = found.has('llm_sessions') || found.has('llm_session_censored');
    for (const [name, info] of Object.entries<MetricInfo>(BUILT_IN)) {
      if (info.derived && (hasSessions || name !== 'llm_sessions_per_hour')) found.set(name, info);
    }
  }
  for (const [name, info] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const summary = metricOf(aggregator, name, info, views, 'steady', { parts });
    if (summary) metrics[name] = { ...summary, ...seriesOf(plan, aggregator, name, info, views) };
  }
  for (const { text, name, selector, window } of [...EXPECTED_RESPONSES, ...plan.submetrics]) {
    const info = findMetric(name, custom);
    const summary = info && metricOf(aggregator, name, info, views, window, { selector });
    if (summary) metrics[text] = summary;
  }
  return metrics;
}

/**
 * Distinct values of a metric's tags, in the plan's scenario order. The order of arrival would be chance.
 */
export function splitsInOrder(
  plan: ScenarioNames,
  aggregator: Aggregator,
  metric: string,
  by: readonly string[],
): Tags[] {
  const names = plan.scenarios.map(({ name }) => name);
  const rank = ({ scenario = '' }: Tags) => names.indexOf(scenario);
  return aggregator.splits(metric, by).sort((a, b) => rank(a) - rank(b));
}

function metricOf(
  aggregator: Aggregator,
  name: string,
  info: MetricInfo,
  views: Views,
  window: 'steady' | 'whole',
  // A submetric has no parts over time, and so no confidence interval by them.
  { selector, parts }: { readonly selector?: Tags; readonly parts?: readonly Section[] },
): MetricSummary | undefined {
  const whole = valuesOf(aggregator, name, info, views.whole, selector) ?? null;
  const steady = (views.steady && valuesOf(aggregator, name, info, views.steady, selector)) ?? null;
  if (!whole && !steady) return undefined;
  const view = (window === 'steady' && views.steady) || views.whole;
  const series = info.derived ? undefined : aggregator.merged(name, view.phases, selector);
  const unbounded = unboundedOf(series);
  const values = (view === views.whole ? whole : steady) ?? {};
  return {
    type: info.tally ? 'counter' : info.kind,
    contains: info.contains,
    values,
    windows: { steady, whole },
    ...(parts && confidenceOf(parts, name, info, series, values)),
    ...(unbounded.length > 0 && { unbounded }),
    ...(series?.kind === 'trend' && { histogram: series.histogram.buckets() }),
  };
}

/**
 * Breakdown of a metric by scenario and request name, and by server. Each only where there is more than one of them;
 * a metric of groups, turns or depths is always split by them.
 */
function seriesOf(
  plan: ScenarioNames,
  aggregator: Aggregator,
  name: string,
  info: MetricInfo,
  views: Views,
): Pick<MetricSummary, 'series'> {
  const { splitBy } = info;
  // What is derived has no series of its own; what it is derived from knows the servers as requests do.
  const ways = info.derived ? [] : [splitsInOrder(plan, aggregator, name, splitBy ?? ['scenario', 'name'])];
  ways.push(aggregator.splits(info.derived ? 'llm_requests' : name, ['target']).filter(({ target }) => target));
  const splits = ways.filter((way) => way.length > (splitBy ? 0 : 1)).flat();
  if (splits.length === 0) return {};
  const series = splits.flatMap((tags) => {
    const values = valuesOf(aggregator, name, info, views.steady ?? views.whole, tags);
    return values ? [{ tags, values }] : [];
  });
  return { series };
}
