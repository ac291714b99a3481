import { type Load, plannedVus } from './executors/load.js';
import type { ScenarioProgress } from './metrics/delta.js';
import type { Ledger } from './metrics/ledger.js';
import type { ScenarioState, Snapshot } from './metrics/snapshot.js';
import type { ThresholdResult } from './metrics/thresholds.js';
import type { Views } from './metrics/values.js';
import type { Plan, ScenarioPlan } from './script/plan.js';
import type { Timeline } from './timeline.js';

/** What there is to see of a run at an instant. */
export interface Observed {
  readonly plan: Plan;
  readonly timeline: Timeline;
  readonly ledger: Ledger;
  readonly views: Views;
  /** Milliseconds since the load started. */
  readonly elapsed: number;
  readonly state: Snapshot['state'];
  readonly thresholds: readonly ThresholdResult[];
  /** Which interval to show: the last that every worker has reported. */
  readonly interval: number;
}

/** The run so far, for whoever watches it. */
export function observe({ plan, timeline, ledger, views, elapsed, state, thresholds, interval }: Observed): Snapshot {
  const progress = sumProgress(ledger);
  const scenarios = plan.scenarios.map((scenario) =>
    scenarioState(scenario, progress.get(scenario.name), timeline.startOf(scenario.name), elapsed, state),
  );
  const { phases } = views.whole;
  const failed = ledger.merged('llm_failed', phases);
  const ttft = (views.steady && ledger.merged('llm_ttft', views.steady.phases)) ?? ledger.merged('llm_ttft', phases);
  const histogram = ttft?.kind === 'trend' ? ttft.histogram : undefined;
  return {
    state,
    elapsed,
    duration: timeline.duration,
    scenarios,
    vus: scenarios.reduce((sum, { vus }) => sum + vus, 0),
    maxVus: plan.vus,
    inFlight: ledger.latest.reduce((sum, { live }) => sum + live.inFlight, 0),
    interval: ledger.intervals.point(interval),
    totals: {
      requests: ledger.total('llm_requests', phases),
      failed: failed?.kind === 'rate' ? failed.passes : 0,
      iterations: ledger.total('iterations', phases),
      dropped: ledger.total('dropped_iterations', phases),
      outputTokens: ledger.total('flow_output_tokens', phases),
      ttft: { p50: histogram?.percentile(50), p95: histogram?.percentile(95) },
    },
    thresholds,
    failures: ledger.failures,
    errors: ledger.errors,
    warnings: [...ledger.missing, ...ledger.warnings],
  };
}

/** Each scenario's progress over all workers. */
function sumProgress(ledger: Ledger): Map<string, ScenarioProgress> {
  const sums = new Map<string, ScenarioProgress>();
  for (const { scenarios } of ledger.latest) {
    for (const progress of scenarios) {
      const { scenario } = progress;
      const sum = sums.get(scenario);
      sums.set(scenario, {
        scenario,
        activeVus: progress.activeVus + (sum?.activeVus ?? 0),
        initializedVus: progress.initializedVus + (sum?.initializedVus ?? 0),
        iterations: progress.iterations + (sum?.iterations ?? 0),
        interrupted: progress.interrupted + (sum?.interrupted ?? 0),
        dropped: progress.dropped + (sum?.dropped ?? 0),
        ended: progress.ended && (sum?.ended ?? true),
      });
    }
  }
  return sums;
}

function scenarioState(
  { name, executor, description, startTime: latest, load }: ScenarioPlan,
  progress: ScenarioProgress | undefined,
  startTime: number | undefined,
  elapsed: number,
  run: Snapshot['state'],
): ScenarioState {
  const since = startTime === undefined ? -1 : elapsed - startTime;
  const iterations = progress?.iterations ?? 0;
  const wanted = iterationsOf(load);
  const byTime = since / load.duration;
  const done = run === 'done' || progress?.ended === true;
  const draining = run === 'draining' || since >= load.duration;
  return {
    name,
    executor,
    description,
    state: done ? 'done' : since < 0 ? 'waiting' : draining ? 'draining' : 'running',
    startTime: startTime ?? latest,
    vus: progress?.activeVus ?? 0,
    initializedVus: progress?.initializedVus ?? plannedVus(load),
    maxVus: load.maxVus,
    progress: done ? 1 : Math.min(1, Math.max(0, wanted ? iterations / wanted : byTime)),
    iterations,
  };
}

/** How many iterations a load has in all; undefined where they are not counted. */
function iterationsOf(load: Load): number | undefined {
  if (load.kind === 'open' || !load.iterations) return undefined;
  return 'shared' in load.iterations ? load.iterations.shared : load.iterations.perVu * load.maxVus;
}
