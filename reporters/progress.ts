import type { Snapshot } from '../engine/metrics/snapshot.js';
import { amount, clockTime, count, shortDuration } from './format.js';
import { shorten } from './terminal-text.js';

/** Progress of the run on one line. Example: `00:12/00:25  20 VUs  143 req  1,204 tok/s  TTFT p50 51ms p95 63ms  0 failed`. */
export function progressLine(snapshot: Snapshot): string {
  const { totals, interval, vus, inFlight, state } = snapshot;
  const { p50, p95 } = totals.ttft;
  const draining = state === 'draining';
  const { http } = totals;
  const isHttp = totals.requests === 0 && http.requests > 0;
  const speed =
    interval && !draining && !isHttp ? [`${count(Math.round(interval.outputTokens / interval.seconds))} tok/s`] : [];
  const parts = [
    timeText(snapshot),
    draining ? `draining, ${count(inFlight)} in flight` : amount(vus, 'VU'),
    isHttp ? `${count(http.requests)} HTTP req` : `${count(totals.requests)} req`,
    ...speed,
    ...(p50 === undefined || p95 === undefined ? [] : [`TTFT p50 ${shortDuration(p50)} p95 ${shortDuration(p95)}`]),
    `${count(totals.failed + http.failed)} failed`,
    ...(totals.dropped === 0 ? [] : [`${count(totals.dropped)} dropped`]),
  ];
  return parts.join('  ');
}

/** Time since the start and of the plan. A load of iterations has their number instead of its time limit. */
function timeText({ elapsed, duration, scenarios }: Snapshot): string {
  const planned = scenarios.map(({ plannedIterations }) => plannedIterations);
  if (planned.length > 0 && planned.every((wanted) => wanted !== undefined)) {
    const [done, wanted] = [scenarios.map(({ iterations }) => iterations), planned].map(sum);
    return `${clockTime(elapsed)}  ${count(done ?? 0)} of ${count(wanted ?? 0)} iterations`;
  }
  return duration > 0 ? `${clockTime(elapsed)}/${clockTime(duration)}` : clockTime(elapsed);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Progress display of a run. */
export interface Progress {
  show(snapshot: Snapshot): void;
  /** Leaves the line as it stands; later output begins below it. */
  end(): void;
}

/** Stream that progress is written to. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly columns?: number | undefined;
}

/** Shortest time between lines without a terminal, in milliseconds of the run. */
const PRINT_EVERY = 5000;

/**
 * Shows progress as one rewritten terminal line (`live`), or as log lines. Other output to the terminal, or to the
 * streams `beside` it that share it, appears above the line.
 */
export function createProgress(
  stream: ProgressStream,
  { live, beside = [] }: { readonly live: boolean; readonly beside?: readonly ProgressStream[] },
): Progress {
  return live ? rewritten(stream, beside) : printed(stream);
}

function rewritten(stream: ProgressStream, beside: readonly ProgressStream[]): Progress {
  let line: string | undefined;
  let restore: (() => void)[] = [];
  const { write } = stream;
  const draw = (text: string) => write.call(stream, text);
  const wipe = () => {
    if (line !== undefined) draw(WIPE);
  };
  const redraw = (written: unknown) => {
    // An unfinished line of other output must not be overwritten.
    if (!String(written).endsWith('\n')) line = undefined;
    if (line !== undefined) draw(line);
  };
  return {
    show(snapshot) {
      if (restore.length === 0) restore = [stream, ...beside].map((other) => surround(other, wipe, redraw));
      // A line that wraps could not be rewritten; a terminal that does not know its width says 0.
      line = shorten(progressLine(snapshot), (stream.columns || 100) - 1);
      draw(`\r${line}\u001b[K`);
    },
    end() {
      for (const undo of restore.splice(0)) undo();
      if (line !== undefined) draw('\n');
      line = undefined;
    },
  };
}

/** Escape sequence that clears the current line. */
const WIPE = '\r\u001b[K';

/** Runs callbacks before and after each write to a stream. Returns a function that undoes this. */
function surround(stream: ProgressStream, before: () => void, after: (written: unknown) => void): () => void {
  const { write } = stream;
  stream.write = (...written: [string]) => {
    before();
    const result = write.apply(stream, written);
    after(written[0]);
    return result;
  };
  return () => {
    stream.write = write;
  };
}

function printed(stream: ProgressStream): Progress {
  let printedAt = Number.NEGATIVE_INFINITY;
  return {
    show(snapshot) {
      // The first instant has no figures worth a log line.
      if (snapshot.state === 'running' && snapshot.elapsed < 1000) return;
      if (snapshot.elapsed - printedAt < PRINT_EVERY) return;
      printedAt = snapshot.elapsed;
      stream.write(`${progressLine(snapshot)}\n`);
    },
    end() {},
  };
}
