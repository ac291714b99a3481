import type { Snapshot } from '../../engine/metrics/snapshot.js';
import { amount, clockTime, count, shortDuration } from '../format.js';
import { shorten } from '../terminal-text.js';

/** The run so far, on one line: `00:12/00:25  20 VUs  143 req  1,204 tok/s  TTFT p50 51ms p95 63ms  0 failed`. */
export function progressLine(snapshot: Snapshot): string {
  const { totals, interval, vus, inFlight, state } = snapshot;
  const { p50, p95 } = totals.ttft;
  const draining = state === 'draining';
  const speed = interval && !draining ? [`${count(Math.round(interval.outputTokens / interval.seconds))} tok/s`] : [];
  const parts = [
    timeText(snapshot),
    draining ? `draining, ${count(inFlight)} in flight` : amount(vus, 'VU'),
    `${count(totals.requests)} req`,
    ...speed,
    ...(p50 === undefined || p95 === undefined ? [] : [`TTFT p50 ${shortDuration(p50)} p95 ${shortDuration(p95)}`]),
    `${count(totals.failed)} failed`,
    ...(totals.dropped === 0 ? [] : [`${count(totals.dropped)} dropped`]),
  ];
  return parts.join('  ');
}

function timeText({ elapsed, duration }: Snapshot): string {
  return duration > 0 ? `${clockTime(elapsed)}/${clockTime(duration)}` : clockTime(elapsed);
}

/** Shows how the run is getting on. */
export interface Progress {
  show(snapshot: Snapshot): void;
  /** Leaves the line as it stands; what is printed next begins below it. */
  end(): void;
}

/** What progress is written to. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly columns?: number | undefined;
}

/** Without a terminal, a line is printed no more often than this, in milliseconds of the run. */
const PRINT_EVERY = 5000;

/** Progress on a terminal (`live`), where one line is rewritten, or in a log, which gets a line now and then. */
export function createProgress(stream: ProgressStream, { live }: { readonly live: boolean }): Progress {
  return live ? rewritten(stream) : printed(stream);
}

function rewritten(stream: ProgressStream): Progress {
  let open = false;
  return {
    show(snapshot) {
      // A line that wraps could not be rewritten.
      const line = shorten(progressLine(snapshot), (stream.columns ?? 100) - 1);
      stream.write(`\r${line}\u001b[K`);
      open = true;
    },
    end() {
      if (open) stream.write('\n');
      open = false;
    },
  };
}

function printed(stream: ProgressStream): Progress {
  let printedAt = Number.NEGATIVE_INFINITY;
  return {
    show(snapshot) {
      if (snapshot.elapsed - printedAt < PRINT_EVERY) return;
      printedAt = snapshot.elapsed;
      stream.write(`${progressLine(snapshot)}\n`);
    },
    end() {},
  };
}
