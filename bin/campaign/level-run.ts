import type { Reporter } from '../../engine/metrics/reporter.js';
import type { Snapshot, Summary } from '../../engine/metrics/snapshot.js';
import type { Settings } from '../../engine/options/settings.js';
import { bundledFile } from '../../engine/own-files.js';
import { isFinished } from '../../engine/results/sweep/level.js';
import { run } from '../../engine/run/index.js';
import { asRecorded, openJournal, readOutputs, writeJson } from '../../reporters/core.js';
import { printError } from '../error-text.js';
import type { Io } from '../io.js';
import { openLiveView } from '../live-view.js';
import { showHandled } from '../show-summary.js';
import { stopOnSignals, stopper } from '../stop-run.js';

/** A run of a level. */
export interface LevelTask {
  readonly file: string;
  readonly settings: Settings;
  /** Path of its record. */
  readonly path: string;
  readonly quiet: boolean;
  /** Checks each snapshot, and returns a reason to end the run. */
  readonly stopEarly?: (snapshot: Snapshot, recordSoFar: () => Summary | undefined) => string | undefined;
  /** Returns a reason to discard the run, asked at its end. */
  readonly spoilt: () => string | undefined;
}

/** Outcome of a run: a finished record, or one in its journal. */
export interface LevelOutcome {
  readonly summary: Summary;
  readonly finished: boolean;
  readonly spoilt: string | undefined;
}

/** Runs a level with progress on stderr. Only the record of a run that has come to its end gets the record's name. */
export async function runLevel(
  io: Io,
  { file, settings, path, quiet, stopEarly, spoilt }: LevelTask,
): Promise<LevelOutcome> {
  const outputs = readOutputs([`json=${path}`]);
  const reportsModule = bundledFile('reporters/core.js').href;
  const stop = stopper(() => running, io);
  const view = openLiveView(io, { file, quiet, dashboard: 'off', outputs }, () => running, stop);
  const journal = await openJournal(outputs, {
    period: io.limits.journalPeriod,
    changeOfRecord: (all) => running.changeOfSummary(all),
    onTrouble: (error) => printError(io, error),
  });
  const early: Reporter = {
    name: 'early stop',
    onSnapshot(snapshot) {
      const reason = stopEarly?.(snapshot, () => running.summaryNow());
      if (reason !== undefined) running.abort(reason);
    },
  };
  const reporters = [...(journal ? [journal] : []), early, view];
  const running = run(file, { ...settings, reporters, reportsModule }, 'command line', io);
  const release = stopOnSignals(io, stop, view.tell);
  try {
    const summary = asRecorded(await running.summary);
    await view.close();
    const handled = await running.handled;
    if (handled) await showHandled(io, handled);
    const why = spoilt();
    const finished = why === undefined && isFinished(summary);
    if (finished) await writeJson(path, summary);
    await journal?.close(summary, finished);
    return { summary, finished, spoilt: why };
  } finally {
    release();
    await view.close();
  }
}
