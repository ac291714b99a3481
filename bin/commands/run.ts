import { Command } from 'commander';
import { ExitCode, type Run, run, type Snapshot, UserError } from '../../engine/index.js';
import { checkWritable, createProgress, safeText, summaryText, wantsColor, writeJson } from '../../reporters/index.js';
import { addLoadFlags, addScenarioFlags, type LoadFlags, type ScenarioFlags, settingsOf } from '../settings.js';
import { startSimulator } from '../simulator-process.js';

interface Flags extends ScenarioFlags, LoadFlags {
  readonly out: readonly Output[];
  readonly quiet?: boolean;
}

/** One report that the user wants in a file. */
interface Output {
  readonly format: 'json';
  readonly path: string;
}

/** `tokenswarm run`: the load itself, with progress while it runs and the summary at its end. */
export function runCommand(): Command {
  const command = new Command('run').description('run a scenario file').argument('<file>', 'scenario, .ts or .js');
  return addLoadFlags(addScenarioFlags(command))
    .option('-o, --out <format=file>', 'write a report: json=results/run.json; repeatable', outputs, [])
    .option('-q, --quiet', 'no progress while it runs')
    .action(runFile);
}

async function runFile(file: string, flags: Flags): Promise<void> {
  // Found out now, not after ten minutes of load.
  for (const { path } of flags.out) await checkWritable(path);
  const simulator = flags.simulate ? await startSimulator() : undefined;
  try {
    const running = run(file, settingsOf(flags, simulator?.url));
    const release = obeySignals(running);
    await watch(running, flags.quiet ?? false);
    const summary = await running.summary;
    release();
    process.stdout.write(summaryText(summary, { color: wantsColor(process.stdout, process.env) }));
    for (const { path } of flags.out) await writeJson(path, summary);
    process.exitCode = summary.run.exitCode;
  } finally {
    simulator?.stop();
  }
}

async function watch(running: Run, quiet: boolean): Promise<void> {
  const progress = createProgress(process.stderr, { live: process.stderr.isTTY });
  const told = new Set<string>();
  for await (const snapshot of running) {
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

function outputs(text: string, before: readonly Output[]): readonly Output[] {
  const at = text.indexOf('=');
  const format = text.slice(0, at);
  const path = text.slice(at + 1);
  if (format === 'json' && path !== '') return [...before, { format, path }];
  throw new UserError(`expected json=FILE, got ${JSON.stringify(text)}`, {
    where: '--out',
    hint: 'for example --out json=results/run.json',
    exitCode: ExitCode.invalidConfig,
  });
}
