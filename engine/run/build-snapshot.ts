import { type Load, plannedVus } from '../executors/load.js';
import type { Aggregator } from '../metrics/aggregator.js';
import type { ScenarioProgress } from '../metrics/delta.js';
import { latencyPoint } from '../metrics/intervals.js';
import { requestTable } from '../metrics/locust/row-figures.js';
import type { ServerState } from '../metrics/server-record.js';
import type {
  Activity,
  GeneratorHealth,
  OperatorAction,
  Quality,
  ScenarioState,
  Snapshot,
  TestedTarget,
} from '../metrics/snapshot.js';
import type { ThresholdResult } from '../metrics/thresholds.js';
import type { Views } from '../metrics/values.js';
import type { Plan, ScenarioPlan } from '../options/plan.js';
import type { Timeline } from '../options/timeline.js';
import { checksOf } from '../summary/summarize.js';
import { targetVusAt } from './target-vus.js';

/** Inputs of a snapshot at one instant. */
export interface Observed {
  readonly plan: Plan;
  readonly file: string;
  readonly target: TestedTarget | null;
  readonly timeline: Timeline;
  readonly ledger: Aggregator;
  readonly views: Views;
  /** Milliseconds since the load started. */
  readonly elapsed: number;
  readonly state: Snapshot['state'];
  readonly operator: ByHand;
  readonly server: ServerState | undefined;
  readonly peakVus: number;
  readonly thresholds: readonly ThresholdResult[];
  readonly quality: Quality;
  /** Interval to show: the last that every worker has reported. */
  readonly interval: number;
}

/** Changes made by hand. */
interface ByHand {
  readonly actions: readonly OperatorAction[];
  readonly paused: boolean;
  usersOf(scenario: string): number | undefined;
}

/** Snapshot of the run so far, for its observers. */
export function observe(observed: Observed): Snapshot {
  const { plan, timeline, ledger, views, elapsed, state, operator } = observed;
  const progress = sumProgress(ledger);
  const scenarios = plan.scenarios.map((scenario) => scenarioState(scenario, progress.get(scenario.name), observed));
  const { phases } = views.whole;
  const failed = ledger.merged('llm_failed', phases);
  const good = ledger.merged('llm_good', phases);
  const ttft = (views.steady && ledger.merged('llm_ttft', views.steady.phases)) ?? ledger.merged('llm_ttft', phases);
  const histogram = ttft?.kind === 'trend' ? ttft.histogram : undefined;
  const planned = scenarios.flatMap((scenario) => (scenario.planned === null ? [] : [scenario.planned]));
  return {
    state,
    activity: activityOf(observed),
    file: observed.file,
    target: observed.target,
    elapsed,
    duration: timeline.duration,
    scenarios,
    vus: scenarios.reduce((sum, { vus }) => sum + vus, 0),
    planned: planned.length === 0 ? null : planned.reduce((sum, vus) => sum + vus, 0),
    peakVus: observed.peakVus,
    maxVus: plan.vus,
    inFlight: ledger.latest.reduce((sum, { live }) => sum + live.inFlight, 0),
    interval: ledger.intervals.point(observed.interval),
    totals: {
      requests: ledger.total('llm_requests', phases),
      failed: failed?.kind === 'rate' ? failed.passes : 0,
      iterations: ledger.total('iterations', phases),
      dropped: ledger.total('dropped_iterations', phases),
      outputTokens: ledger.total('flow_output_tokens', phases),
      inputTokens: ledger.total('flow_input_tokens', phases),
      goodput: good?.kind === 'rate' ? good.passes / good.total : undefined,
      ttft: { p50: histogram?.percentile(50), p95: histogram?.percentile(95) },
    },
    ...requestTable(ledger),
    thresholds: observed.thresholds,
    checks: checksOf(plan, ledger, views.whole),
    failures: ledger.failures,
    errors: ledger.errors,
    health: healthOf(ledger, views),
    quality: observed.quality,
    operator: operator.actions,
    server: observed.server,
    warnings: [...ledger.missing, ...ledger.warnings],
  };
}

/** Current phase of a load within its plan. */
function activityOf({ plan, timeline, elapsed, state, operator }: Observed): Activity {
  if (state !== 'running') return state;
  if (elapsed >= timeline.duration) return 'draining';
  if (operator.paused) return 'paused';
  const { from, to } = timeline.steady;
  if (timeline.leftPlan || to <= from) return 'running';
  if (elapsed < from) return elapsed < from - plan.warmup ? 'ramping' : 'warming up';
  return elapsed < to ? 'holding' : 'ramping down';
}

function healthOf(ledger: Aggregator, { whole }: Views): GeneratorHealth {
  const lateness = ledger.merged('iteration_lateness', whole.phases);
  return {
    workers: ledger.latest
      .map(({ worker, live }) => {
        return { worker, utilization: live.utilization, loopDelay: latencyPoint(live.loopDelay).p99 };
      })
      .sort((a, b) => a.worker - b.worker),
    lateness: (lateness?.kind === 'trend' ? lateness.histogram.percentile(99) : undefined) ?? null,
    memory: process.memoryUsage.rss(),
  };
}

/** Progress of each scenario, summed over all workers. */
function sumProgress(ledger: Aggregator): Map<string, ScenarioProgress> {
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
  scenario: ScenarioPlan,
  progress: ScenarioProgress | undefined,
  { timeline, elapsed, state, operator }: Observed,
): ScenarioState {
  const { name, executor, description, startTime: latest, load } = scenario;
  const startTime = timeline.startOf(name);
  const byHand = operator.usersOf(name);
  const since = startTime === undefined ? -1 : elapsed - startTime;
  const iterations = progress?.iterations ?? 0;
  const wanted = iterationsOf(load);
  const byTime = since / load.duration;
  const done = state === 'done' || progress?.ended === true;
  const draining = state === 'draining' || since >= load.duration;
  return {
    name,
    executor,
    description,
    state: done ? 'done' : since < 0 ? 'waiting' : draining ? 'draining' : 'running',
    startTime: startTime ?? latest,
    vus: progress?.activeVus ?? 0,
    planned: done || draining ? null : targetVusAt(scenario, timeline, byHand, elapsed),
    initializedVus: progress?.initializedVus ?? plannedVus(load),
    maxVus: Math.max(load.maxVus, byHand ?? 0),
    progress: done ? 1 : Math.min(1, Math.max(0, wanted ? iterations / wanted : byTime)),
    iterations,
  };
}

/** Total iteration count of a load; undefined where iterations are not counted. */
function iterationsOf(load: Load): number | undefined {
  if (load.kind === 'open' || !load.iterations) return undefined;
  return 'shared' in load.iterations ? load.iterations.shared : load.iterations.perVu * load.maxVus;
}
