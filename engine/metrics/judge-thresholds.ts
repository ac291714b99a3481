import type { Aggregator } from './aggregator.js';
import { findMetric, type MetricInfo } from './catalogue.js';
import { holds, type Threshold, type ThresholdResult } from './thresholds.js';
import { aggregate, type Views } from './values.js';

/** Counter that nothing was added to. */
const ZERO = { value: 0, samples: 0 };

/**
 * Holds every threshold against the run so far. A threshold is of the steady state unless it asks for the whole run;
 * at the end of a run that never got to its steady state (`final`), the whole run has to do. At the end, a threshold
 * without a sample does not hold, unless it is allowed to be empty: nothing was measured. A counter without a sample is
 * at zero, which is a measurement.
 */
export function judge(
  thresholds: readonly Threshold[],
  aggregator: Aggregator,
  custom: Readonly<Record<string, MetricInfo>>,
  views: Views,
  final: boolean,
): ThresholdResult[] {
  return thresholds.map((threshold) => {
    const info = findMetric(threshold.name, custom);
    const view = threshold.window === 'whole' || (final && !views.steady) ? views.whole : views.steady;
    const sampled =
      info && view && aggregate(aggregator, threshold.name, info, threshold.aggregation, view, threshold.selector);
    const found = sampled ?? (final && info?.kind === 'counter' ? ZERO : undefined);
    return {
      metric: threshold.metric,
      source: threshold.source,
      window: view === views.whole ? 'whole' : 'steady',
      observed: found?.value,
      samples: found?.samples ?? 0,
      ok: found ? holds(found.value, threshold.operator, threshold.limit) : !final || threshold.allowEmpty,
      abortOnFail: threshold.abortOnFail,
    };
  });
}
