import { relative } from 'node:path';
import type { ResolvedTargets } from '../client/preflight.js';
import type { SharedDataset } from '../data/shared-dataset.js';
import { ExitCode } from '../errors.js';
import type { Aggregator } from '../metrics/aggregator.js';
import { judge } from '../metrics/judge-thresholds.js';
import type { ServerRecord } from '../metrics/server-record.js';
import type { OperatorAction, Summary } from '../metrics/snapshot.js';
import type { ThresholdResult } from '../metrics/thresholds.js';
import { type Views, viewsOf } from '../metrics/values.js';
import type { Timeline } from '../options/timeline.js';
import { datasetUse } from '../summary/dataset-use.js';
import { summarize } from '../summary/summarize.js';
import type { Ending } from './end-reason.js';
import { type Handling, startHandling } from './handle-summary.js';
import type { Watch } from './monitor.js';
import type { Prepared } from './prepare.js';
import type { Handled } from './summary-outputs.js';

/** End of a run. The summary does not wait for `handleSummary`, which may take its time. */
export interface Conclusion {
  readonly summary: Summary;
  readonly handled: Promise<Handled> | undefined;
}

/** Data of a run whose load has begun. */
export interface RunData {
  readonly prepared: Prepared;
  readonly aim: ResolvedTargets;
  readonly ledger: Aggregator;
  readonly timeline: Timeline;
  readonly workers: number;
  readonly startedAt: Date;
  readonly operator: { readonly actions: readonly OperatorAction[] };
  readonly server: { readonly record: ServerRecord | undefined } | undefined;
  readonly datasets: readonly SharedDataset[];
}

/** Data of a run whose load has ended. */
interface FinishedRun extends RunData {
  readonly watch: Watch;
  /** Peak number of active VUs. */
  readonly vusPeak: number;
  /** Reason of an early end, and the reason for which the script has marked the run as failed. */
  readonly ending: Ending | undefined;
  readonly marked: string | undefined;
}

/** Outcome of a run, with its reason and exit code. */
type Outcome = Pick<Summary['run'], 'outcome' | 'reason' | 'exitCode'>;

/** Judges a run for the last time, builds its record and passes that to the scenario's `handleSummary`. */
export function conclude(
  ended: FinishedRun,
  handling: Pick<Handling, 'data' | 'reporters' | 'signal' | 'timing'>,
): Conclusion {
  const { prepared, aim, ledger, timeline, watch, vusPeak, ending, marked } = ended;
  const elapsed = ledger.reportedUntil;
  const views = viewsOf(timeline.steady, elapsed);
  const thresholds = judge(prepared.plan.thresholds, ledger, prepared.metrics, views, true);
  watch.end(elapsed, thresholds, vusPeak);
  const reason = ending ? ending.reason : marked;
  const crossed = thresholds.some(({ ok }) => !ok);
  const summary = record(ended, views, thresholds, {
    outcome: ending?.outcome ?? 'completed',
    ...(reason !== undefined && { reason }),
    exitCode: ending?.exitCode ?? exitCodeOf(ended, crossed),
  });
  return { summary, handled: startHandling({ prepared, summary, aim, ...handling }) };
}

/** Record of a run that is still going on. */
export function recordSoFar(begun: RunData): Summary {
  const { prepared, ledger, timeline } = begun;
  const views = viewsOf(timeline.steady, ledger.reportedUntil);
  const thresholds = judge(prepared.plan.thresholds, ledger, prepared.metrics, views, true);
  return record(begun, views, thresholds, { outcome: 'running', exitCode: ExitCode.ok });
}

function record(
  { prepared, aim, ledger, timeline, workers, startedAt, operator, server, datasets }: RunData,
  views: Views,
  thresholds: readonly ThresholdResult[],
  outcome: Outcome,
): Summary {
  const { plan, metrics: custom, seed, bundle } = prepared;
  const run = {
    scenario: relative(process.cwd(), bundle.file),
    startedAt: startedAt.toISOString(),
    ...outcome,
    seed,
    labels: plan.labels,
    tags: plan.tags,
    missing: ledger.missing,
  };
  const done = { operator: operator.actions, server: server?.record, datasets: datasetUse(datasets) };
  return summarize({ plan, timeline, ledger, views, custom, thresholds, aim, workers, ...done, run });
}

/** Exit code of a run that reached the end of its plan. */
function exitCodeOf({ marked, ledger }: FinishedRun, crossed: boolean): ExitCode {
  if (marked !== undefined) return ExitCode.markedAsFailed;
  if (crossed) return ExitCode.thresholdsFailed;
  return ledger.missing.length > 0 ? ExitCode.scriptException : ExitCode.ok;
}
