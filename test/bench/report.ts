import type { Figure } from './experiments/experiment.js';

/** Figures of one experiment. */
export interface Found {
  readonly name: string;
  readonly title: string;
  readonly figures: readonly Figure[];
}

/** A figure with its goal, and whether it was met. */
export function lineOf(figure: Figure): string {
  const { what, value, unit } = figure;
  const limit = limitOf(figure);
  const judged = limit && `${limit} ${isMet(figure) ? '✓' : '✗'}`;
  return `${what.padEnd(46)}${value.toFixed(2).padStart(12)} ${unit.padEnd(6)} ${judged}`.trimEnd();
}

/** All results as Markdown: figures with a goal first. Beside each stands what it is compared with. */
export function tablesOf(machine: string, found: readonly Found[]): string {
  const goals = found.flatMap(({ name, figures }) =>
    figures
      .filter((figure) => limitOf(figure) !== '')
      .map((figure) => `| ${name} | ${figure.what} | ${limitOf(figure)} | ${shownOf(figure)} | ${metOf(figure)} |`),
  );
  const others = found.flatMap(({ name, figures }) =>
    figures
      .filter((figure) => limitOf(figure) === '')
      .map((figure) => `| ${name} | ${figure.what} | ${shownOf(figure)} |`),
  );
  return [
    `Measured on ${machine}.`,
    '',
    '| experiment | figure | goal | measured | met |',
    '| --- | --- | --- | --- | --- |',
    ...goals,
    '',
    'For comparison:',
    '',
    '| experiment | figure | measured |',
    '| --- | --- | --- |',
    ...others,
  ].join('\n');
}

const BEGIN = '<!-- measured: written by npm run bench -- --docs -->';
const END = '<!-- end of measured -->';

/** The page with what stands between its two markers replaced. */
export function withMeasured(page: string, measured: string): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`the page lacks the line ${BEGIN}, or ${END} after it`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${measured}\n\n${page.slice(to)}`;
}

function isMet({ value, goal = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY }: Figure): boolean {
  return value <= goal && value >= least;
}

function metOf(figure: Figure): string {
  return isMet(figure) ? 'yes' : '**no**';
}

function limitOf({ goal, least, unit }: Figure): string {
  if (goal !== undefined) return `≤ ${short(goal)} ${unit}`;
  return least === undefined ? '' : `≥ ${short(least)} ${unit}`;
}

function shownOf({ value, unit }: Figure): string {
  return `${value.toLocaleString('en', { maximumFractionDigits: value >= 1000 ? 0 : 2 })} ${unit}`;
}

/** A limit in the fewest digits, four at most. */
function short(limit: number): string {
  return String(Number(limit.toFixed(Math.abs(limit) < 1 ? 3 : 2)));
}
