import { Command } from 'commander';
import { ExitCode, type Run, run, type Snapshot, UserError } from '../../engine/index.js';
import {
  asRecorded,
  checkOutputs,
  createProgress,
  findTextSummary,
  type Journal,
  openJournal,
  openLive,
  readOutputs,
  safeText,
  writeOutput,
} from '../../reporters/index.js';
import { printError } from '../error-text.js';
import { addFlags, type Given, readFlags } from '../settings.js';
import { showSummary } from '../show-summary.js';
import { startSimulator } from '../simulator-process.js';

/** `tokenswarm run`: the load itself, with progress while it runs and the summary at its end. */
export function runCommand(): Command {
  const command = new Command('run').description('run a scenario file').argument('<file>', 'scenario, .ts or .js');
  return addFlags(command).action((file: string) => runFile(file, readFlags(command)));
}

async function runFile(file: string, { settings, simulate, quiet, out, summary: form }: Given): Promise<void> {
  const outputs = readOutputs(out);
  const textSummary = findTextSummary(form);
  // Found out now, not after ten minutes of load.
  await checkOutputs(outputs);
  const simulator = simulate ? await startSimulator() : undefined;
  try {
    const live = openLive(outputs);
    const reporters = new URL('../../reporters/index.js', import.meta.url).href;
    const logSinks = live.map(({ sink }) => sink);
    const running = run(file, { ...settings, ...simulator?.aim, reporters, logSinks }, 'command line');
    const release = obeySignals(running);
    const journal = await openJournal(outputs, () => running.summaryNow(), printError);
    await watch(running, quiet, journal);
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

async function watch(running: Run, quiet: boolean, journal: Journal | undefined): Promise<void> {
  const beside = process.stdout.isTTY ? [process.stdout] : [];
  const progress = createProgress(process.stderr, { live: process.stderr.isTTY, beside });
  const told = new Set<string>();
  for await (const snapshot of running) {
    journal?.note(snapshot.elapsed);
    if (quiet) continue;
    // Once, and now: nobody wants to learn after ten minutes that the script was wrong from the start.
    const news = newsOf(snapshot).filter((text) => !told.has(text));
    if (news.length > 0) progress.end();
    for (const text of news) console.error(safeText(text));
    for (const text of news) told.add(text);
    progress.show(snapshot);
  }
  if (!quiet) progress.end();
}

function newsOf({ scenarios, warnings, errors }: Snapshot): string[] {
  const later = scenarios.filter(({ state, startTime }) => startTime > 0 && state !== 'waiting' && state !== 'done');
  return [
    ...later.map(({ name, startTime }) => `scenario ${name} began after ${(startTime / 1000).toFixed(1)} s`),
    ...warnings,
    ...errors.map(({ where, message }) => `${where ?? 'script'}: ${message}`),
  ];
}

/** First Ctrl-C: drain. Second: stop now. Third: leave without a summary, for something hangs. */
function obeySignals(running: Run): () => void {
  let asked = 0;
  const onSignal = () => {
    asked += 1;
    if (asked === 1) {
      process.stderr.write('\nwaiting for what is running; once more to stop at once\n');
      running.drain();
    } else if (asked === 2) {
      running.abort();
    } else {
      process.exit(ExitCode.externalAbort);
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}
