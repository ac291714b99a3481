import { absencesOf } from '../metrics/absences.js';
import { BUILT_IN } from '../metrics/catalogue.js';
import type { Histogram } from '../metrics/histogram.js';
import { estimateInflation, estimateSharedReads } from '../metrics/measurement-overhead.js';
import { withoutFile } from '../metrics/missing-files.js';
import { outlivedOf } from '../metrics/outlived.js';
import { assess, type QualityInputs } from '../metrics/quality.js';
import type { Tags } from '../metrics/series.js';
import type { Quality } from '../metrics/snapshot.js';
import type { View } from '../metrics/values.js';
import type { RecordInputs } from './summary-inputs.js';

/** Data that the quality inputs are taken from. */
export type SnapshotInputs = Pick<
  RecordInputs,
  'plan' | 'aggregator' | 'views' | 'thresholds' | 'workers' | 'operator' | 'crowdIn'
>;

/** Evidence for and against a run's numbers. Latency evidence is of the headline window, all other of the whole run. */
export function qualityInputs(
  { plan, aggregator, views, thresholds, workers, operator, crowdIn }: SnapshotInputs,
  headline: View,
): QualityInputs {
  const { above80, above95 } = aggregator.overload;
  const times = (metric: string, tags?: Tags): Histogram | undefined => {
    const series = aggregator.merged(metric, headline.phases, tags);
    return series?.kind === 'trend' ? series.histogram : undefined;
  };
  const delays = Array.from({ length: workers }, (_, worker) =>
    times('generator_loop_delay', { worker: String(worker) }),
  ).filter((delay) => delay !== undefined);
  const machine = times('machine_loop_delay');
  const readDelays = times('generator_read_delay');
  const medianItl = times('llm_itl')?.percentile(50);
  const whole = (metric: string, tags?: Tags) => aggregator.total(metric, views.whole.phases, tags);
  const droppedArrivals = plan.scenarios
    .filter(({ load }) => load.kind === 'open')
    .reduce((sum, { name }) => sum + whole('dropped_iterations', { scenario: name }), 0);
  const requests = whole('llm_requests') + whole('http_reqs');
  const censored = whole('llm_censored') + whole('http_censored');
  return {
    above80,
    above95,
    loopDelay: Math.max(0, ...delays.map((delay) => delay.percentile(99) ?? 0)),
    machineDelay: machine?.percentile(99),
    longestStop: Math.max(0, ...delays.map(({ max }) => max)),
    longestMachineStop: machine?.max,
    crowd: crowdIn?.(headline.phases),
    medianItl,
    inflation: readDelays
      ? estimateSharedReads(readDelays, medianItl)
      : estimateInflation(times('generator_loop_delay'), medianItl),
    thresholds,
    steady: lengthOf(plan.isK6 ? views.whole : views.steady),
    whole: views.whole.window.to,
    arrivals: whole('flow_arrivals'),
    lateArrivals: whole('flow_late_arrivals'),
    droppedArrivals,
    isExhausted: whole('flow_exhausted') > 0,
    undoneIterations: whole('dropped_iterations') - droppedArrivals,
    outlived: outlivedOf(aggregator),
    missing: aggregator.missing,
    changes: operator.filter(({ at }) => !views.steady || at * 1000 >= views.steady.window.from),
    requests,
    isEmpty: requests + censored === 0 && ![...aggregator.metrics().keys()].some(isOfScript),
    censored,
    withoutFile: withoutFile(aggregator.failures),
    absences: absencesOf(aggregator.failures, () => aggregator.intervals.points()),
  };
}

/** True for metrics of scripts that send no requests. */
function isOfScript(metric: string): boolean {
  return metric === 'checks' || metric === 'group_duration' || !Object.hasOwn(BUILT_IN, metric);
}

function lengthOf(view: View | undefined): number {
  return view ? view.window.to - view.window.from : 0;
}

/** Quality of a running load, without checks that need its end. */
export function qualitySoFar(state: SnapshotInputs): Quality {
  const { views } = state;
  const inputs = qualityInputs(state, views.steady ?? views.whole);
  const unknown = { thresholds: [], steady: Number.POSITIVE_INFINITY, isEmpty: false, censored: 0 };
  return assess({ ...inputs, ...unknown, requests: Math.max(1, inputs.requests) });
}
