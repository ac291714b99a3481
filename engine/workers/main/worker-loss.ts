import { messageOf } from '../../errors.js';
import type { LastRun } from '../heartbeat.js';

/**
 * Cause of a worker's early end. A worker was stopped after `silence` milliseconds without a heartbeat, ran out of
 * memory, was ended by the script's own `exit`, or by an error. `dismissed`: by us, and not reported.
 */
export type End =
  | 'dismissed'
  | 'memory'
  | { readonly silence: number }
  | { readonly exitCode: number }
  | { readonly message: string };

/** Early loss of a worker. */
export interface Loss {
  /** Worker number, from 0. */
  readonly worker: number;
  readonly end: Exclude<End, 'dismissed'>;
  readonly last: LastRun;
}

/** Cause of a thread's end, from its pool's error. */
export function endOf(thrown: unknown): Exclude<End, 'dismissed'> {
  if ((thrown as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY') return 'memory';
  const message = messageOf(thrown);
  const [, code] = /^worker exited with code: (\d+)$/.exec(message) ?? [];
  return code === undefined ? { message } : { exitCode: Number(code) };
}

/** Names of the scenarios, and their first VU numbers. */
type VuRanges = readonly {
  readonly name: string;
  readonly firstVu: number;
  readonly load: { readonly maxVus: number };
}[];

/** One-line description of a loss. `when` is such as `14.0 s into the load`. */
export function lossText({ worker, end, last }: Loss, when: string, ranges: VuRanges): string {
  const subject = `worker ${worker + 1}`;
  const user = userText(last.vu, ranges);
  // Number 0 sets up and tears down, and whoever waits for that names it.
  const ranLast = last.vu === 0 ? '' : `; ${user} was the last to run, ${momentText(last.iteration)}`;
  if (end === 'memory') return `${subject} ran out of memory ${when}${ranLast}`;
  if ('silence' in end) {
    const kept = `blocked its thread for ${end.silence / 1000} s`;
    return `${subject} was stopped ${when}: ${user} ${kept}, ${momentText(last.iteration)}`;
  }
  if ('exitCode' in end) return `${subject} was ended ${when} by process.exit(${end.exitCode})${ranLast}`;
  return `${subject} died ${when}: ${end.message}`;
}

function userText(vu: number, ranges: VuRanges): string {
  const range = ranges.find(({ firstVu, load }) => vu > firstVu && vu <= firstVu + load.maxVus);
  return range ? `user ${vu} of scenario "${range.name}"` : `user ${vu}`;
}

function momentText(iteration: number): string {
  return iteration < 0 ? 'at the top of the scenario file' : `in its iteration ${iteration}`;
}
