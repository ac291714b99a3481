import { type Load, plannedVus } from '../executors/load.js';
import type { Aggregator } from '../metrics/aggregator.js';
import type { ScenarioProgress } from '../metrics/delta.js';
import { latencyPoint } from '../metrics/interval.js';
import { requestTable } from '../metrics/locust/row-figures.js';
import { outlivedOf, outlivingText } from '../metrics/outlived.js';
import type { Activity, GeneratorHealth, Quality, ScenarioState, Snapshot, TestedTarget } from '../metrics/snapshot.js';
import type { ThresholdResult } from '../metrics/thresholds.js';
import type { Views } from '../metrics/values.js';
import type { ScenarioPlan } from '../options/plan.js';
import { sessionsSoFar } from '../summary/session-record.js';
import { checksOf } from '../summary/summarize.js';
import type { RunState } from './run-state.js';
import { targetVusAt } from './target-vus.js';

/** Findings of the monitor at one instant. */
export interface Look {
  readonly file: string;
  readonly target: TestedTarget | null;
  readonly views: Views;
  /** Milliseconds since the load started. */
  readonly elapsed: number;
  readonly state: Snapshot['state'];
  readonly thresholds: readonly ThresholdResult[];
  readonly quality: Quality;
  /** Interval to show: the last that every worker has reported. */
  readonly interval: number;
}

/** Snapshot of the run so far, for its observers. */
export function buildSnapshot(run: RunState, look: Look): Snapshot {
  const { own: plan, timeline, aggregator, liveControl, server, gpu, peakVus } = run;
  const { views, ...seen } = look;
  const progress = sumProgress(aggregator);
  const scenarios = plan.scenarios.map((scenario) => scenarioState(scenario, progress.get(scenario.name), run, look));
  const { phases } = views.whole;
  const failed = aggregator.merged('llm_failed', phases);
  const httpFailed = aggregator.merged('http_req_failed', phases);
  const good = aggregator.merged('llm_good', phases);
  const ttft =
    (views.steady && aggregator.merged('llm_ttft', views.steady.phases)) ?? aggregator.merged('llm_ttft', phases);
  const histogram = ttft?.kind === 'trend' ? ttft.histogram : undefined;
  const planned = scenarios.flatMap((scenario) => (scenario.planned === null ? [] : [scenario.planned]));
  return {
    ...seen,
    activity: activityOf(run, look),
    duration: timeline.duration,
    scenarios,
    vus: scenarios.reduce((sum, { vus }) => sum + vus, 0),
    planned: planned.length === 0 ? null : planned.reduce((sum, vus) => sum + vus, 0),
    peakVus,
    maxVus: plan.vus,
    inFlight: aggregator.latest.reduce((sum, { live }) => sum + live.inFlight, 0),
    interval: aggregator.intervals.point(look.interval),
    totals: {
      requests: aggregator.total('llm_requests', phases),
      failed: failed?.kind === 'rate' ? failed.passes : 0,
      http: {
        requests: aggregator.total('http_reqs', phases),
        failed: httpFailed?.kind === 'rate' ? httpFailed.passes : 0,
      },
      iterations: aggregator.total('iterations', phases),
      dropped: aggregator.total('dropped_iterations', phases),
      outputTokens: aggregator.total('flow_output_tokens', phases),
      inputTokens: aggregator.total('flow_input_tokens', phases),
      goodput: good?.kind === 'rate' ? good.passes / good.total : undefined,
      ttft: { p50: histogram?.percentile(50), p95: histogram?.percentile(95) },
      sessions: sessionsSoFar(aggregator, views.whole),
    },
    ...requestTable(aggregator),
    checks: checksOf(plan, aggregator, views.whole),
    failures: aggregator.failures,
    errors: aggregator.errors,
    health: healthOf(aggregator, views),
    operator: liveControl.actions,
    server: server.state,
    gpu: gpu.state,
    warnings: [...aggregator.missing, ...outliving(aggregator), ...aggregator.warnings],
  };
}

/** Warning of calls that outlive their iteration. The verdict counts them at the end. */
function outliving(aggregator: Aggregator): readonly string[] {
  const calls = outlivedOf(aggregator);
  return calls.length > 0 ? [outlivingText(calls)] : [];
}

/** Current phase of a load within its plan. */
function activityOf({ plan, timeline, liveControl }: RunState, { elapsed, state }: Look): Activity {
  if (state !== 'running') return state;
  if (elapsed >= timeline.duration) return 'draining';
  if (liveControl.paused) return 'paused';
  const { from, to } = timeline.steady;
  if (timeline.leftPlan || to <= from) return 'running';
  if (elapsed < from) return elapsed < from - plan.options.warmup ? 'ramping' : 'warming up';
  return elapsed < to ? 'holding' : 'ramping down';
}

function healthOf(aggregator: Aggregator, { whole }: Views): GeneratorHealth {
  const lateness = aggregator.merged('iteration_lateness', whole.phases);
  return {
    workers: aggregator.latest
      .map(({ worker, live }) => {
        return { worker, utilization: live.utilization, loopDelay: latencyPoint(live.loopDelay).p99 };
      })
      .sort((a, b) => a.worker - b.worker),
    lateness: (lateness?.kind === 'trend' ? lateness.histogram.percentile(99) : undefined) ?? null,
    memory: residentMemory(),
  };
}

/** Progress of each scenario, summed over all workers. */
function sumProgress(aggregator: Aggregator): Map<string, ScenarioProgress> {
  const sums = new Map<string, ScenarioProgress>();
  for (const { scenarios } of aggregator.latest) {
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
  { timeline, liveControl }: RunState,
  { elapsed, state }: Look,
): ScenarioState {
  const { name, executor, description, startTime: latest, load } = scenario;
  const startTime = timeline.startOf(name);
  const byHand = liveControl.usersOf(name);
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
    plannedIterations: wanted,
  };
}

/** Total iteration count of a load; undefined where iterations are not counted. */
function iterationsOf(load: Load): number | undefined {
  if (load.kind === 'open' || !load.iterations) return undefined;
  return 'shared' in load.iterations ? load.iterations.shared : load.iterations.perVu * load.maxVus;
}

let memory = 0;

/** Memory of this process in bytes. The last one known where no file can be opened to read it. */
function residentMemory(): number {
  try {
    memory = process.memoryUsage.rss();
  } catch {
    // All files of the process are open, as sockets.
  }
  return memory;
}
