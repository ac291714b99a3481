import { basename, dirname, join } from 'node:path';
import { configError, ExitCode, messageOf } from '../engine/errors.js';
import type { Snapshot } from '../engine/metrics/snapshot.js';
import type { Run } from '../engine/run/index.js';
import { isOurs } from '../engine/vu/script-error.js';
import {
  createProgress,
  type Dashboard,
  type Journal,
  type Output,
  openDashboard,
  safeText,
  type Wish,
  writeJson,
} from '../reporters/core.js';
import { type Io, onStop, printLine } from './io.js';

/** Settings of the live display of a run. */
export interface Watching {
  readonly file: string;
  readonly quiet: boolean;
  /** `on`, `off` or `auto`. */
  readonly dashboard: string;
  readonly outputs: readonly Output[];
  readonly journal: Journal | undefined;
  /** Called with every snapshot, once all workers are there. */
  readonly look?: (snapshot: Snapshot) => void;
}

/** True where the dashboard is to show. Throws a UserError where it was requested but cannot. */
export function wantsDashboard(
  { stdout, env }: Io,
  { dashboard, quiet }: Pick<Watching, 'dashboard' | 'quiet'>,
): boolean {
  const isTerminal = stdout.isTTY === true && env.TERM !== 'dumb';
  if (dashboard === 'auto') return isTerminal && !quiet;
  if (dashboard === 'off') return false;
  if (dashboard !== 'on') {
    throw configError('--dashboard', `expected on, off or auto, got ${JSON.stringify(dashboard)}`);
  }
  if (isTerminal) return true;
  throw configError(
    '--dashboard',
    'it needs a terminal',
    'leave it out: without a terminal, progress is printed as lines',
  );
}

/** Shows live progress until the load ends, and handles signals and keys. */
export async function watchRun(io: Io, running: Run, watching: Watching): Promise<{ readonly release: () => void }> {
  const { stderr, signals } = io;
  const stop = stopper(running, io);
  const dashboard = wantsDashboard(io, watching) ? await openFor(io, running, watching, stop) : undefined;
  const onSignal = () => stop((text) => (dashboard ? dashboard.tell(text) : stderr.write(`\n${text}\n`)));
  const release = onStop(signals, onSignal);
  try {
    if (dashboard) await showOn(dashboard, running, watching);
    else await printProgress(io, running, watching);
  } catch (error) {
    release();
    throw error;
  }
  return { release };
}

/** First time: drain. Second: stop now. Third: leave without a summary, for something hangs. */
function stopper(running: Run, { exit }: Io): (tell: (text: string) => void) => void {
  let asked = 0;
  return (tell) => {
    asked += 1;
    if (asked === 1) {
      tell('waiting for running iterations; again to stop at once');
      running.drain();
    } else if (asked === 2) {
      running.abort();
    } else {
      exit(ExitCode.externalAbort);
    }
  };
}

async function openFor(
  { stdin, stdout, stderr, env }: Io,
  running: Run,
  watching: Watching,
  stop: ReturnType<typeof stopper>,
): Promise<Dashboard> {
  const dashboard = await openDashboard({
    input: stdin,
    output: stdout,
    beside: stderr.isTTY ? [stderr] : [],
    environment: env,
    onWish: (wish) => obey(wish),
  });
  const obey = (wish: Wish): void => {
    switch (wish.type) {
      case 'stop':
        stop(dashboard.tell);
        break;
      case 'pause':
      case 'resume':
        running[wish.type]();
        break;
      case 'scale':
        running.setVus(wish.scenario, wish.vus);
        break;
      case 'save':
        void save(running, watching).then(dashboard.tell);
    }
  };
  return dashboard;
}

async function showOn(dashboard: Dashboard, running: Run, { journal, look }: Watching): Promise<void> {
  // An exception of our own ends the process without a last word to anybody else.
  const onBug = (error: unknown) => {
    if (isOurs(error)) dashboard.close();
  };
  process.on('uncaughtExceptionMonitor', onBug);
  try {
    for await (const snapshot of running) {
      void journal?.note(snapshot.elapsed);
      look?.(snapshot);
      dashboard.show(snapshot);
    }
  } finally {
    process.off('uncaughtExceptionMonitor', onBug);
    dashboard.close();
  }
}

/** Writes a summary during the run, beside the final one. Resolves to a message about it. */
async function save(running: Run, { file, outputs }: Watching): Promise<string> {
  const summary = running.summaryNow();
  if (!summary) return 'there is nothing to write yet';
  const end = outputs.find(({ format }) => format.name === 'json')?.path ?? join('results', `${basename(file)}.json`);
  const name = basename(end).replace(/(\.[jt]s)?(\.json)?$/, '');
  const path = join(dirname(end), `${name}-after-${Math.round(summary.run.seconds)}s.json`);
  try {
    await writeJson(path, summary);
    return `wrote ${path}`;
  } catch (error) {
    return `cannot write ${path}: ${messageOf(error)}`;
  }
}

async function printProgress({ stdout, stderr }: Io, running: Run, { quiet, journal, look }: Watching): Promise<void> {
  const beside = stdout.isTTY ? [stdout] : [];
  const progress = createProgress(stderr, { live: stderr.isTTY === true, beside });
  const told = new Set<string>();
  for await (const snapshot of running) {
    void journal?.note(snapshot.elapsed);
    look?.(snapshot);
    if (quiet) continue;
    // Once, and now: nobody wants to learn after ten minutes that the script was wrong from the start.
    const news = newsOf(snapshot).filter((text) => !told.has(text));
    if (news.length > 0) progress.end();
    for (const text of news) printLine(stderr, safeText(text));
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
