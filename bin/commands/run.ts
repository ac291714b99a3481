import { Command } from 'commander';
import { run, UserError } from '../../engine/core.js';
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
import { giveWay } from '../lower-priority.js';
import { addFlags, type Given, readFlags } from '../run-flags.js';
import { showSummary } from '../show-summary.js';
import { startSimulator } from '../simulator-process.js';
import { wantsDashboard, watchRun } from '../watch-run.js';

/** `tokenswarm run`: the load itself, with progress while it runs and the summary at its end. */
export function runCommand(): Command {
  const command = new Command('run').description('run a scenario file').argument('<file>', 'scenario, .ts or .js');
  return addFlags(command).action((file: string) => runFile(file, readFlags(command)));
}

async function runFile(
  file: string,
  { settings, simulate, quiet, out, summary: form, dashboard }: Given,
): Promise<void> {
  const outputs = readOutputs(out);
  const textSummary = findTextSummary(form);
  // Found out now, not after ten minutes of load.
  await checkOutputs(outputs);
  wantsDashboard({ dashboard, quiet });
  const simulator = simulate ? await startSimulator() : undefined;
  try {
    const live = openLive(outputs);
    const reporters = new URL('../../reporters/core.js', import.meta.url).href;
    const logSinks = live.map(({ sink }) => sink);
    const running = run(file, { ...settings, ...simulator?.aim, reporters, logSinks }, 'command line');
    const journal = await openJournal(outputs, () => running.summaryNow(), printError);
    const { release } = await watchRun(running, { file, quiet, dashboard, outputs, journal, look: giveWay });
    const summary = asRecorded(await running.summary);
    const written = outputs.map((output) => {
      return writeOutput(output, summary, live.find((each) => each.output === output)?.records);
    });
    // What cannot be written is told below, once the summary has been shown.
    for (const each of written) each.catch(() => undefined);
    await showSummary(summary, textSummary, await running.handled);
    release();
    process.exitCode = summary.run.exitCode;
    let reported = true;
    for (const each of written) {
      await each.catch((error) => {
        reported = false;
        tellUnwritten(error);
      });
    }
    await journal?.close(summary, reported);
  } finally {
    simulator?.stop();
  }
}

/** A report that cannot be written keeps no other from being written. */
function tellUnwritten(error: unknown): void {
  if (!(error instanceof UserError)) throw error;
  printError(error);
  process.exitCode = error.exitCode;
}
