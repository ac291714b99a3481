import { formatDuration } from '../../engine/clock.js';
import { count } from '../format.js';
import { padLeft, safeText, shorten, widest } from '../terminal-text.js';

/** Line to draw: `at` in milliseconds; two points at one instant are a jump. */
export interface PlottedLine {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly points: readonly { readonly at: number; readonly level: number }[];
}

/** Size and character set of plots. */
export interface PlotOptions {
  /** Columns; default: 80. */
  readonly width?: number;
  /** Draws without box-drawing characters. */
  readonly ascii?: boolean;
}

/** Characters for lines and axes. */
const BOXES = { flat: '─', up: '│', rise: ['╯', '╭'], fall: ['╮', '╰'], tick: '┤', axis: '│', corner: '└', mark: '┬' };
const ASCII: typeof BOXES = {
  flat: '-',
  up: '|',
  rise: ["'", '.'],
  fall: ['.', "'"],
  tick: '+',
  axis: '|',
  corner: '+',
  mark: '+',
};

/** Distances of marks on the time axis, in milliseconds. */
const TIME_STEPS = [
  ...[100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000],
  ...[1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440].map((minutes) => minutes * 60_000),
];

/** Least distance of marks on the time axis, in columns, to leave room for labels. */
const MARK_COLUMNS = 9;

/** Plots each line separately, all over one time axis. */
export function plotText(lines: readonly PlottedLine[], { width = 80, ascii = false }: PlotOptions = {}): string {
  const until = Math.max(...lines.flatMap(({ points }) => points.at(-1)?.at ?? 0));
  const strokes = ascii ? ASCII : BOXES;
  return lines.map((line) => `\n${plotOne(line, until, Math.max(40, width), strokes).join('\n')}\n`).join('');
}

/** True for terminals limited to ASCII: dumb ones, or with a non-UTF-8 locale. */
export function wantsAscii({ TERM, LC_ALL, LC_CTYPE, LANG }: Readonly<Record<string, string | undefined>>): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG || 'UTF-8';
  return TERM === 'dumb' || !/utf-?8/i.test(locale);
}

function plotOne(line: PlottedLine, until: number, width: number, strokes: typeof BOXES): string[] {
  const most = line.points.reduce((max, { level }) => Math.max(max, level), 0);
  const step = niceStep(most / 5, line.unit === 'VUs' ? 1 : 0);
  const ticks = Math.max(1, Math.ceil(most / step - 1e-9));
  const labels = Array.from({ length: ticks + 1 }, (_, tick) => count(Number((tick * step).toPrecision(12))));
  const margin = widest(labels) + 2;
  const columns = width - margin - 2;
  // Two rows for each tick: one at it, one half way to the next.
  const levels = levelsByColumn(line.points, until, columns);
  const rows = levels.map((level) => (level === undefined ? undefined : Math.round((level / step) * 2)));
  const canvas = draw(rows, 2 * ticks + 1, strokes);
  const plot = canvas.map((text, index) => {
    const row = canvas.length - 1 - index;
    const label = row % 2 === 0 ? (labels[row / 2] ?? '') : '';
    return `${padLeft(label, margin)} ${row % 2 === 0 ? strokes.tick : strokes.axis}${text}`.trimEnd();
  });
  const title = shorten(`${line.unit} over time, ${safeText(line.name)}: ${safeText(line.description)}`, width - 2);
  return [`  ${title}`, ...plot, ...timeAxis(until, margin, columns, strokes)];
}

/** Smallest number of the form 1, 2 or 5 × 10ⁿ that is not below `least`. */
function niceStep(least: number, smallest: number): number {
  if (least <= 0) return Math.max(1, smallest);
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((nice) => nice * power >= least * (1 - 1e-9)) ?? 10;
  return Math.max(factor * power, smallest);
}

/** Highest value within each column's time, so that no peak is lost; undefined where there is no line. */
function levelsByColumn(points: PlottedLine['points'], until: number, columns: number): (number | undefined)[] {
  const levels = new Array<number | undefined>(columns).fill(undefined);
  const columnOf = (at: number) => Math.min(columns - 1, Math.floor((at / until) * columns));
  const raise = (column: number, level: number) => {
    levels[column] = Math.max(levels[column] ?? 0, level);
  };
  for (const [index, right] of points.entries()) {
    const left = points[index - 1] ?? right;
    const [first, last] = [columnOf(left.at), columnOf(right.at)];
    // A line that ends where a column begins is not in it.
    const ends = index === points.length - 1 && right.at < until && right.at === (last * until) / columns;
    for (let column = first; column <= (ends ? last - 1 : last); column += 1) {
      const from = Math.max(left.at, (column * until) / columns);
      const to = Math.min(right.at, ((column + 1) * until) / columns);
      raise(column, Math.max(levelAt(left, right, from), levelAt(left, right, to)));
    }
  }
  return levels;
}

function levelAt(left: { at: number; level: number }, right: { at: number; level: number }, at: number): number {
  if (right.at <= left.at) return right.level;
  return left.level + ((right.level - left.level) * (at - left.at)) / (right.at - left.at);
}

/** Line drawn on rows of characters, uppermost first. A start or end inside is drawn from the axis. */
function draw(rows: readonly (number | undefined)[], height: number, strokes: typeof BOXES): string[] {
  const canvas = Array.from({ length: height }, () => new Array<string>(rows.length).fill(' '));
  const put = (row: number, column: number, stroke: string) => {
    const cells = canvas[height - 1 - row];
    if (cells) cells[column] = stroke;
  };
  rows.forEach((row, column) => {
    const before = rows[column - 1];
    if (row === undefined && before === undefined) return;
    const [from, to] = [before ?? (column === 0 ? (row ?? 0) : 0), row ?? 0];
    const [leaving, arriving] = to > from ? strokes.rise : strokes.fall;
    for (let between = Math.min(from, to) + 1; between < Math.max(from, to); between += 1) {
      put(between, column, strokes.up);
    }
    put(from, column, from === to ? strokes.flat : (leaving ?? ''));
    if (from !== to) put(to, column, arriving ?? '');
  });
  return canvas.map((cells) => cells.join(''));
}

/** Time axis with its marks, and their labels below. */
function timeAxis(until: number, margin: number, columns: number, strokes: typeof BOXES): string[] {
  const fits = (step: number) => (step / until) * columns >= MARK_COLUMNS;
  const days = Math.ceil((until * MARK_COLUMNS) / columns / 86_400_000);
  const step = TIME_STEPS.find(fits) ?? days * 86_400_000;
  const axis = new Array<string>(columns).fill(strokes.flat);
  let labels = '';
  for (let at = 0; at <= until; at += step) {
    const column = Math.min(columns - 1, Math.round((at / until) * columns));
    const label = formatDuration(at);
    axis[column] = strokes.mark;
    const begin = Math.min(column, columns - label.length);
    if (begin > labels.length || at === 0) labels = labels.padEnd(begin) + label;
  }
  const indent = ' '.repeat(margin + 1);
  return [`${indent}${strokes.corner}${axis.join('')}`, `${indent} ${labels}`];
}
