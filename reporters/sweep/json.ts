import type { Sweep } from '../../engine/results/sweep/sweep.js';

/** Several runs as JSON, for other programs, and for the same command to go on; docs/sweep.md describes it. */
export function sweepJson(sweep: Sweep): string {
  return `${JSON.stringify(sweep, (_, value: unknown) => (typeof value === 'number' ? rounded(value) : value), 2)}\n`;
}

/** As in the records of runs. */
function rounded(value: number): number {
  return Number(Math.abs(value) >= 1 ? value.toFixed(6) : value.toPrecision(9));
}
