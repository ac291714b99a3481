import { Command } from 'commander';
import { configError, messageOf, scriptError, UserError } from '../../engine/errors.js';
import type { Reporter, ReporterFailure } from '../../engine/metrics/reporter.js';
import { bundledFile } from '../../engine/own-files.js';
import { run } from '../../engine/run/index.js';
import {
  asRecorded,
  checkOutputs,
  findTextSummary,
  openJournal,
  openLiveOutputs,
  openReporter,
  readOutputs,
} from '../../reporters/core.js';
import { printError } from '../error-text.js';
import type { Invocation } from '../invocation.js';
import { type Io, onStop, printLine } from '../io.js';
import { openLiveView, wantsDashboard } from '../live-view.js';
import { openModules, sortOutputs } from '../own-reporters.js';
import { addFlags, type Given, readFlags } from '../run-flags.js';
import { showSummary } from '../show-summary.js';
import { startSimulator } from '../simulator-process.js';
import { stopOnSignals, stopper } from '../stop-run.js';
import { openWebView } from '../web-view.js';

/** Module of the reports that a scenario's `handleSummary` may call. */
const REPORTS = bundledFile('reporters/core.js').href;

/** `tokenswarm run`: the load, with live progress and a summary. */
export function runCommand({ io, action }: Invocation): Command {
  const command = new Command('run').description('run a scenario file').argument('<file>', 'scenario, .ts or .js');
  return addFlags(command).action(action((file: string) => runFile(io, file, readFlags(command, io.env))));
}

async function runFile(
  io: Io,
  file: string,
  { settings, simulate, quiet, out, summary: form, dashboard, web }: Given,
): Promise<number> {
  const canResume = web !== undefined || wantsDashboard(io, { dashboard, quiet });
  if (settings.paused === true && !canResume) throw neverResumed();
  const { formats, modules, live } = sortOutputs(out);
  const outputs = readOutputs(formats);
  const textSummary = findTextSummary(form);
  // Found out now, not after ten minutes of load.
  await checkOutputs(outputs);
  const showsRows =
    wantsDashboard(io, { dashboard, quiet }) ||
    web !== undefined ||
    modules.length > 0 ||
    textSummary.requestRows === true;
  const requestRows = showsRows || outputs.some(({ format }) => format.requestRows);
  const leaving = new AbortController();
  const tell = (text: string) => printLine(io.stderr, text);
  const sent = await openLiveOutputs(live, { env: io.env, tell, leaving: leaving.signal });
  const own = await openModules(modules);
  const journal = await openJournal(outputs, {
    period: io.limits.journalPeriod,
    changeOfRecord: (all) => running.changeOfSummary(all),
    onTrouble: (error) => printError(io, error),
  });
  const stop = stopper(() => running, io);
  const pages = await openWebView(io, web, { file, outputs }, () => running, stop);
  const simulator = simulate ? await (io.simulator ?? startSimulator(io)) : undefined;
  const view = openLiveView(io, { file, quiet, dashboard, outputs }, () => running, stop);
  const yielding: Reporter = { name: 'priority', onSnapshot: io.lowerPriority };
  const reporters = [
    ...(journal ? [journal] : []),
    yielding,
    view,
    ...outputs.map(openReporter),
    ...sent,
    ...pages,
    ...own,
  ];
  const from = { reporters, requestRows, reportsModule: REPORTS };
  const running = run(file, { ...settings, ...simulator?.aim, ...from }, 'command line', io);
  const release = stopOnSignals(io, stop, view.tell);
  let stay: () => void = () => undefined;
  try {
    const summary = asRecorded(await running.summary);
    // Reports that wait for others after the run are waited for no longer.
    stay = onStop(io.signals, () => leaving.abort());
    await view.close();
    await showSummary(io, summary, textSummary, await running.handled);
    release();
    const unwritten = (await running.reported).map((failure) => reportUnwritten(io, failure));
    await journal?.close(summary, unwritten.length === 0);
    return unwritten.at(-1) ?? summary.run.exitCode;
  } finally {
    stay();
    release();
    await view.close();
    simulator?.stop();
  }
}

function neverResumed(): UserError {
  const hint =
    'add --web and resume on its page, or say when: --start-at TIME, or --start-together PLACE for several machines';
  return configError('--paused', 'without a dashboard or --web nothing could resume the run', hint);
}

/** Prints the error of a report that cannot be written. Returns its exit code; other reports are still written. */
function reportUnwritten(io: Io, { name, error }: ReporterFailure): number {
  const known = error instanceof UserError ? error : scriptError(name, `the report failed: ${messageOf(error)}`);
  printError(io, known);
  return known.exitCode;
}
