import type { Sweep } from '../../engine/results/sweep/sweep.js';

/** Sweep as JSON, for other programs and for resuming. docs/sweep.md describes the format. */
export function sweepJson(sweep: Sweep): string {
  return `${JSON.stringify(sweep, (_, value: unknown) => (typeof value === 'number' ? rounded(value) : value), 2)}\n`;
}

/** Number rounded as in the records of runs. */
function rounded(value: number): number {
  return Number(Math.abs(value) >= 1 ? value.toFixed(6) : value.toPrecision(9));
}
