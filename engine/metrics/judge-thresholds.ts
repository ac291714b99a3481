import type { Aggregator } from './aggregator.js';
import { findMetric, type MetricInfo } from './catalogue.js';
import { holds, type Threshold, type ThresholdResult } from './thresholds.js';
import { aggregate, type Views } from './values.js';

/**
 * Holds every threshold against the run so far. A threshold is of the steady state unless it asks for the whole run;
 * at the end of a run that never got to its steady state (`final`), the whole run has to do.
 */
export function judge(
  thresholds: readonly Threshold[],
  ledger: Aggregator,
  custom: Readonly<Record<string, MetricInfo>>,
  views: Views,
  final: boolean,
): ThresholdResult[] {
  return thresholds.map((threshold) => {
    const info = findMetric(threshold.name, custom);
    const view = threshold.window === 'whole' || (final && !views.steady) ? views.whole : views.steady;
    const found =
      info && view && aggregate(ledger, threshold.name, info, threshold.aggregation, view, threshold.selector);
    return {
      metric: threshold.metric,
      source: threshold.source,
      window: view === views.whole ? 'whole' : 'steady',
      observed: found?.value,
      samples: found?.samples ?? 0,
      ok: found === undefined || holds(found.value, threshold.operator, threshold.limit),
      abortOnFail: threshold.abortOnFail,
    };
  });
}
