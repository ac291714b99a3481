import type { Figures, Level } from '../../engine/results/sweep/level.js';
import type { Sweep } from '../../engine/results/sweep/sweep.js';
import { compactCount, NO_NUMBER, percent, shortDuration } from '../format.js';

/** Column of the table of levels. */
export interface Column {
  readonly head: string;
  readonly of: (figures: Figures) => string;
  /** Order of removal where room is short, from 1. Without a number it stays. */
  readonly leaves?: number;
}

const time = (head: string, pick: (figures: Figures) => number | undefined, leaves?: number): Column => ({
  head,
  of: (figures) => shown(pick(figures), shortDuration),
  ...(leaves !== undefined && { leaves }),
});

/** Columns of the table of levels. */
export const COLUMNS: readonly Column[] = [
  { head: 'tokens/s', of: ({ outputTokensPerSecond }) => shown(outputTokensPerSecond, compactCount) },
  time('TTFT p50', ({ ttftP50 }) => ttftP50),
  time('p99', ({ ttftP99 }) => ttftP99, 4),
  time('TPOT p50', ({ tpotP50 }) => tpotP50),
  time('p99', ({ tpotP99 }) => tpotP99, 1),
  time('E2E p50', ({ e2eP50 }) => e2eP50, 5),
  time('p99', ({ e2eP99 }) => e2eP99, 2),
  { head: 'req/min', of: ({ requestsPerMinute }) => shown(requestsPerMinute, compactCount), leaves: 3 },
  { head: 'failed', of: ({ failed }) => shown(failed, (share) => (share === 0 ? '0' : percent(share))) },
];

function shown(value: number | undefined, write: (value: number) => string): string {
  return value === undefined ? NO_NUMBER : write(value);
}

/** Worst quality verdict of a level's runs. Adds their source where a table mixes both. */
export function numbersText({ runs }: Level, mixed: boolean): string {
  const verdicts = runs.map(({ verdict }) => verdict);
  const worst = (['invalid', 'suspect'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'valid';
  if (!mixed) return worst;
  const kinds = new Set(runs.map(({ simulated }) => (simulated ? 'simulated' : 'measured')));
  return `${worst}, ${[...kinds].join(' and ')}`;
}

/** True if some runs were simulated and others not. */
export function isMixed({ series }: Sweep): boolean {
  const runs = series.flatMap(({ levels }) => levels.flatMap((level) => level.runs));
  return new Set(runs.map(({ simulated }) => simulated)).size > 1;
}

/** Runs of a level that met the objectives or thresholds: `2/2`. */
export function metText({ runs }: Level, { capacity }: Sweep): string {
  const isMet = ({ name, crossed }: Level['runs'][number]) =>
    capacity ? capacity.tried.some(({ run, met }) => run === name && met) : crossed.length === 0;
  const met = runs.filter(isMet).length;
  if (runs.length === 1) return met === 1 ? 'met' : 'missed';
  return `${met} of ${runs.length} met`;
}

/** True if there are thresholds or objectives to meet. */
export function hasConditions({ capacity, series }: Sweep): boolean {
  return (
    capacity !== undefined ||
    series.some(({ levels }) => levels.some(({ runs }) => runs.some(({ crossed }) => crossed.length > 0)))
  );
}
