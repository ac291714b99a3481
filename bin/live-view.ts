import { configError } from '../engine/errors.js';
import type { Reporter } from '../engine/metrics/reporter.js';
import type { Snapshot } from '../engine/metrics/snapshot.js';
import type { Run } from '../engine/run/index.js';
import { isOurs } from '../engine/vu/script-error.js';
import {
  createProgress,
  type Dashboard,
  type KeyAction,
  type Output,
  openDashboard,
  safeText,
} from '../reporters/core.js';
import { printError } from './error-text.js';
import { type Io, printLine } from './io.js';
import { saveNow } from './save-now.js';
import type { Stop } from './stop-run.js';

/** Settings of the live display of a run. */
export interface Display {
  readonly file: string;
  readonly quiet: boolean;
  /** `on`, `off` or `auto`. */
  readonly dashboard: string;
  readonly outputs: readonly Output[];
}

/** Live display of a run. */
export interface LiveView extends Reporter {
  /** Shows a message. */
  tell(text: string): void;
  /** Gives the terminal back; later output begins below. May be called again. */
  close(): Promise<void>;
}

/** True where the dashboard is to show. Throws a UserError where it was requested but cannot. */
export function wantsDashboard(
  { stdout, env }: Io,
  { dashboard, quiet }: Pick<Display, 'dashboard' | 'quiet'>,
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

/** Carries out commands of keys or the live page. */
export function actor(
  display: Pick<Display, 'file' | 'outputs'>,
  running: () => Run,
  stop: Stop,
  tell: (text: string) => void,
): (action: KeyAction) => void {
  return (action) => {
    switch (action.type) {
      case 'stop':
        stop(tell);
        break;
      case 'pause':
      case 'resume':
        running()[action.type]();
        break;
      case 'scale':
        running().setVus(action.scenario, action.vus);
        break;
      case 'save':
        void saveNow(running(), display).then(tell);
    }
  };
}

/** Opens the dashboard, or progress lines. `running` is called once the run exists. */
export function openLiveView(io: Io, display: Display, running: () => Run, stop: Stop): LiveView {
  return wantsDashboard(io, display) ? dashboardView(io, display, running, stop) : progressView(io, display.quiet);
}

/** Dashboard as a reporter. It shows the latest snapshot once it has opened. */
function dashboardView(io: Io, display: Display, running: () => Run, stop: Stop): LiveView {
  const { stdin, stdout, stderr, env } = io;
  let dashboard: Dashboard | undefined;
  let latest: Snapshot | undefined;
  const tell = (text: string) => void (dashboard ? dashboard.tell(text) : stderr.write(`\n${text}\n`));
  const act = actor(display, running, stop, tell);
  const beside = stderr.isTTY ? [stderr] : [];
  const opening = openDashboard({ input: stdin, output: stdout, beside, environment: env, onAction: act }).then(
    (opened) => {
      dashboard = opened;
      if (latest) opened.show(latest);
    },
    (error: unknown) => printError(io, error),
  );
  // An exception of our own ends the process without a last word to anybody else.
  const onBug = (error: unknown) => {
    if (isOurs(error)) dashboard?.close();
  };
  process.on('uncaughtExceptionMonitor', onBug);
  const close = async () => {
    await opening;
    process.off('uncaughtExceptionMonitor', onBug);
    dashboard?.close();
    dashboard = undefined;
  };
  return {
    name: 'dashboard',
    async onWait(text, isPaused) {
      await opening;
      if (isPaused) dashboard?.hold(`${text}; p resumes, q quits`);
      else tell(text);
    },
    onSnapshot(snapshot) {
      latest = snapshot;
      dashboard?.show(snapshot);
    },
    onEnd: close,
    tell,
    close,
  };
}

/** Progress lines as a reporter; with `quiet` none. */
function progressView({ stdout, stderr }: Io, quiet: boolean): LiveView {
  const beside = stdout.isTTY ? [stdout] : [];
  const progress = createProgress(stderr, { live: stderr.isTTY === true, beside });
  const told = new Set<string>();
  const close = async () => {
    if (!quiet) progress.end();
  };
  return {
    name: 'progress',
    onWait(text) {
      if (!quiet) printLine(stderr, safeText(text));
    },
    onSnapshot(snapshot) {
      if (quiet) return;
      // Once, and now: nobody wants to learn after ten minutes that the script was wrong from the start.
      const news = newsOf(snapshot).filter((text) => !told.has(text));
      if (news.length > 0) progress.end();
      for (const text of news) printLine(stderr, safeText(text));
      for (const text of news) told.add(text);
      progress.show(snapshot);
    },
    onEnd: close,
    tell: (text) => void stderr.write(`\n${text}\n`),
    close,
  };
}

function newsOf({ scenarios, warnings, errors }: Snapshot): string[] {
  const later = scenarios.filter(({ state, startTime }) => startTime > 0 && state !== 'waiting' && state !== 'done');
  return [
    ...later.map(({ name, startTime }) => `scenario ${name} began after ${(startTime / 1000).toFixed(1)} s`),
    ...warnings,
    ...errors.map(({ where, message }) => `${where ?? 'script'}: ${message}`),
  ];
}
