import { relative } from 'node:path';
import type { Ending } from './ending.js';
import { ExitCode } from './errors.js';
import { type Handling, startHandling } from './handle-summary.js';
import type { Handled } from './handled.js';
import { judge } from './metrics/judge.js';
import type { Ledger } from './metrics/ledger.js';
import type { Summary } from './metrics/snapshot.js';
import { viewsOf } from './metrics/values.js';
import type { Prepared } from './prepare.js';
import { summarize } from './summarize.js';
import type { Aim } from './target.js';
import type { Timeline } from './timeline.js';
import type { Watch } from './watch.js';

/** A run's end. The summary does not wait for `handleSummary`, which may take its time. */
export interface Conclusion {
  readonly summary: Summary;
  readonly handled: Promise<Handled> | undefined;
}

/** All that is known of a run whose load has ended. */
interface Ended {
  readonly prepared: Prepared;
  readonly aim: Aim;
  readonly ledger: Ledger;
  readonly timeline: Timeline;
  readonly watch: Watch;
  readonly workers: number;
  readonly startedAt: Date;
  /** The most users that were active at once. */
  readonly vusPeak: number;
  /** Why it ended before its plan did, and why the script has marked it as failed. */
  readonly ending: Ending | undefined;
  readonly marked: string | undefined;
}

/** Judges a run for the last time, draws up its record and gives that to the scenario's `handleSummary`. */
export function conclude(ended: Ended, handling: Pick<Handling, 'data' | 'summaryText' | 'signal'>): Conclusion {
  const { prepared, aim, ledger, timeline, watch, workers, startedAt, vusPeak, ending, marked } = ended;
  const { plan, metrics: custom, seed, bundle } = prepared;
  const elapsed = ledger.reportedUntil;
  const views = viewsOf(timeline.steady, elapsed);
  const thresholds = judge(plan.thresholds, ledger, custom, views, true);
  watch.end(elapsed, thresholds, vusPeak);
  const reason = ending ? ending.reason : marked;
  const run = {
    scenario: relative(process.cwd(), bundle.file),
    startedAt: startedAt.toISOString(),
    outcome: ending?.outcome ?? ('completed' as const),
    ...(reason !== undefined && { reason }),
    exitCode:
      ending?.exitCode ??
      exitCodeOf(
        ended,
        thresholds.some(({ ok }) => !ok),
      ),
    seed,
    labels: plan.labels,
    tags: plan.tags,
    missing: ledger.missing,
  };
  const summary = summarize({ plan, timeline, ledger, views, custom, thresholds, aim, workers, run });
  return { summary, handled: startHandling({ prepared, summary, aim, ...handling }) };
}

/** The exit code of a run that came to the end of its plan. */
function exitCodeOf({ marked, ledger }: Ended, crossed: boolean): ExitCode {
  if (marked !== undefined) return ExitCode.markedAsFailed;
  if (crossed) return ExitCode.thresholdsFailed;
  return ledger.missing.length > 0 ? ExitCode.scriptException : ExitCode.ok;
}
