import { Command } from 'commander';
import { UserError } from '../../engine/errors.js';
import { run } from '../../engine/run/index.js';
import {
  asRecorded,
  checkOutputs,
  findTextSummary,
  openJournal,
  openLive,
  readOutputs,
  writeOutput,
} from '../../reporters/core.js';
import { printError } from '../error-text.js';
import type { Invocation } from '../invocation.js';
import type { Io } from '../io.js';
import { addFlags, type Given, readFlags } from '../run-flags.js';
import { showSummary } from '../show-summary.js';
import { startSimulator } from '../simulator-process.js';
import { wantsDashboard, watchRun } from '../watch-run.js';

/** `tokenswarm run`: the load, with live progress and a summary. */
export function runCommand({ io, action }: Invocation): Command {
  const command = new Command('run').description('run a scenario file').argument('<file>', 'scenario, .ts or .js');
  return addFlags(command).action(action((file: string) => runFile(io, file, readFlags(command, io.env))));
}

async function runFile(
  io: Io,
  file: string,
  { settings, simulate, quiet, out, summary: form, dashboard }: Given,
): Promise<number> {
  const outputs = readOutputs(out);
  const textSummary = findTextSummary(form);
  // Found out now, not after ten minutes of load.
  await checkOutputs(outputs);
  wantsDashboard(io, { dashboard, quiet });
  const simulator = simulate ? await startSimulator(io) : undefined;
  try {
    const live = openLive(outputs);
    const reporters = new URL('../../reporters/core.js', import.meta.url).href;
    const logSinks = live.map(({ sink }) => sink);
    const running = run(file, { ...settings, ...simulator?.aim, reporters, logSinks }, 'command line', io);
    const journal = await openJournal(outputs, {
      period: io.limits.journalPeriod,
      changeOfRecord: (all) => running.changeOfSummary(all),
      onTrouble: (error) => printError(io, error),
    });
    const { release } = await watchRun(io, running, {
      file,
      quiet,
      dashboard,
      outputs,
      journal,
      look: io.lowerPriority,
    });
    const summary = asRecorded(await running.summary);
    const written = outputs.map((output) => {
      return writeOutput(output, summary, live.find((each) => each.output === output)?.records);
    });
    // What cannot be written is told below, once the summary has been shown.
    for (const each of written) each.catch(() => undefined);
    await showSummary(io, summary, textSummary, await running.handled);
    release();
    const unwritten: number[] = [];
    for (const each of written) await each.catch((error) => unwritten.push(reportUnwritten(io, error)));
    await journal?.close(summary, unwritten.length === 0);
    return unwritten.at(-1) ?? summary.run.exitCode;
  } finally {
    simulator?.stop();
  }
}

/** Prints the error of a report that cannot be written. Returns its exit code; other reports are still written. */
function reportUnwritten(io: Io, error: unknown): number {
  if (!(error instanceof UserError)) throw error;
  printError(io, error);
  return error.exitCode;
}
