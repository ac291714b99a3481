import { relative } from 'node:path';
import { Secrets } from '../client/secrets.js';
import { parseTargets } from '../client/target.js';
import { ExitCode } from '../errors.js';
import { judge } from '../metrics/judge-thresholds.js';
import type { RecordChange } from '../metrics/record-change.js';
import type { ReporterFailure } from '../metrics/reporter.js';
import type { Phase } from '../metrics/series.js';
import type { ShareRecord } from '../metrics/share-record.js';
import type { Summary } from '../metrics/snapshot.js';
import type { ThresholdResult } from '../metrics/thresholds.js';
import { type Views, viewsOf } from '../metrics/values.js';
import { datasetUse } from '../summary/dataset-use.js';
import { summarizeChange } from '../summary/record-changes.js';
import { summarize } from '../summary/summarize.js';
import type { SummaryInputs } from '../summary/summary-inputs.js';
import { type HandlingInput, startHandling } from './handle-summary.js';
import type { Monitor } from './monitor.js';
import { nothingSent } from './nothing-sent.js';
import type { RunState } from './run-state.js';
import type { Handled } from './summary-outputs.js';

/** End of a run. The summary does not wait for `handleSummary`, which may take its time. */
export interface Finished {
  readonly summary: Summary;
  readonly handled: Promise<Handled> | undefined;
  readonly reported: Promise<readonly ReporterFailure[]>;
}

/** Outcome of a run, with its reason and exit code. */
type Outcome = Pick<Summary['run'], 'outcome' | 'reason' | 'exitCode'>;

/** Judges a finished run, builds its record and calls `handleSummary`. */
export function finish(run: RunState, monitor: Monitor, input: HandlingInput): Finished {
  const { aggregator, timeline, peakVus } = run;
  const elapsed = aggregator.reportedUntil;
  const views = viewsOf(timeline.steady, elapsed, run.plan.options.summaryTrendStats);
  const thresholds = judgeAll(run, views);
  monitor.end(elapsed, thresholds, peakVus);
  const crossed = thresholds.some(({ ok }) => !ok);
  const summary = record(run, views, thresholds, outcomeOf(run, crossed));
  return { summary, handled: startHandling(run, summary, input), reported: run.reporting.end(summary) };
}

/** Record of a running load; undefined before its start. */
export function recordSoFar(run: RunState): Summary | undefined {
  if (!run.start) return undefined;
  const views = viewsOf(run.timeline.steady, run.aggregator.reportedUntil, run.plan.options.summaryTrendStats);
  return record(run, views, judgeAll(run, views), { outcome: 'running', exitCode: ExitCode.ok });
}

/** Change of the record so far since the last call, or all. Undefined before the load's start. */
export function changeOfRecord(run: RunState, all: boolean): RecordChange | undefined {
  if (!run.start) return undefined;
  const views = viewsOf(run.timeline.steady, run.aggregator.reportedUntil, run.plan.options.summaryTrendStats);
  const inputs = inputsOf(run, views, judgeAll(run, views), { outcome: 'running', exitCode: ExitCode.ok });
  const change = summarizeChange(inputs, { server: run.server.takeChanged(all), gpu: run.gpu.takeChanged(all) }, all);
  return { ...change, record: clean(run, change.record) };
}

function judgeAll({ plan, aggregator, prepared }: RunState, views: Views): readonly ThresholdResult[] {
  return judge(plan.thresholds, aggregator, prepared.metrics, views, true);
}

function record(run: RunState, views: Views, thresholds: readonly ThresholdResult[], outcome: Outcome): Summary {
  return clean(run, summarize(inputsOf(run, views, thresholds, outcome)));
}

/** Redacts a record. What workers have said is clean; what servers have said of themselves is not yet. */
function clean({ resolved }: RunState, summary: Summary): Summary {
  const secrets = new Secrets();
  parseTargets(resolved.targets, secrets);
  return secrets.redactAll(summary);
}

function inputsOf(
  run: RunState,
  views: Views,
  thresholds: readonly ThresholdResult[],
  outcome: Outcome,
): SummaryInputs {
  const { prepared, own: plan, resolved, aggregator, timeline, workers, start, liveControl, server, gpu } = run;
  const { metrics: custom, seed, bundle } = prepared;
  const about = {
    scenario: relative(process.cwd(), bundle.file),
    startedAt: (start?.date ?? new Date()).toISOString(),
    ...outcome,
    seed,
    ...(plan.share.count > 1 && { share: shareOf(run) }),
    labels: plan.options.labels,
    tags: plan.options.tags,
    missing: aggregator.missing,
  };
  const done = { operator: liveControl.actions, server: server.record, datasets: datasetUse(run.datasets) };
  const cards = gpu.info && { gpu: { ...gpu.info, points: gpu.points } };
  const crowdIn = (phases: readonly Phase[]) => run.crowding.in(phases);
  const given = { plan, timeline, aggregator, views, custom, thresholds, resolved, crowdIn };
  return { ...given, workers: workers.size, ...done, ...cards, run: about };
}

function shareOf({ plan, prepared, gathering }: RunState): ShareRecord {
  const { index, count } = plan.share;
  return {
    ...{ number: index + 1, of: count, fingerprint: prepared.fingerprint },
    ...(gathering && { clockOffset: gathering.clockOffset }),
  };
}

function outcomeOf(run: RunState, crossed: boolean): Outcome {
  const { aggregator } = run;
  const { ending = nothingSent(run, 1), mark } = run.outcome;
  if (ending) return { outcome: ending.outcome, reason: ending.reason, exitCode: ending.exitCode };
  if (mark !== undefined) return { outcome: 'completed', reason: mark, exitCode: ExitCode.markedAsFailed };
  if (crossed) return { outcome: 'completed', exitCode: ExitCode.thresholdsFailed };
  return { outcome: 'completed', exitCode: aggregator.missing.length > 0 ? ExitCode.scriptException : ExitCode.ok };
}
