import { asciiOf, brailleOf, draw } from './dot-chart.js';
import { count } from './format.js';
import { safeText, shorten } from './terminal-text.js';

/** Line to draw: `at` in milliseconds. Two points at one instant are a jump. */
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
  /** Draws without braille characters. */
  readonly ascii?: boolean;
}

/** Rows of a plot, with its time axis. */
const HEIGHT = 10;

/** Plots each line separately, all over one time axis. */
export function plotText(lines: readonly PlottedLine[], { width = 80, ascii = false }: PlotOptions = {}): string {
  const until = Math.max(...lines.flatMap(({ points }) => points.at(-1)?.at ?? 0)) / 1000;
  return lines.map((line) => `\n${plotOne(line, until, Math.max(40, width), ascii).join('\n')}\n`).join('');
}

/** True for dumb terminals, and those with a non-UTF-8 locale. */
export function wantsAscii({ TERM, LC_ALL, LC_CTYPE, LANG }: Readonly<Record<string, string | undefined>>): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG || 'UTF-8';
  return TERM === 'dumb' || !/utf-?8/i.test(locale);
}

function plotOne({ name, description, unit, points }: PlottedLine, until: number, width: number, ascii: boolean) {
  // A line that begins or ends within the plot does so at the axis.
  const [first, last] = [points[0], points.at(-1)];
  const line = [
    ...(first && first.at > 0 ? [{ at: first.at / 1000, value: 0 }] : []),
    ...points.map(({ at, level }) => ({ at: at / 1000, value: level })),
    ...(last && last.at / 1000 < until ? [{ at: last.at / 1000, value: 0 }] : []),
  ];
  // There is no half of a user.
  const label = (value: number) => (unit !== 'VUs' || Number.isInteger(value) ? count(value) : '');
  const axis = ascii ? '|' : '│';
  const drawing = draw(
    { from: 0, to: until, curves: [{ color: 'white', points: line }], axis, label },
    width - 2,
    HEIGHT,
  );
  const rows = brailleOf(drawing).map((row) => (ascii ? asciiOf(row) : row));
  const title = shorten(`${unit} over time, ${safeText(name)}: ${safeText(description)}`, width - 2);
  return [title, ...drawing.text.map((text, index) => `${text}${rows[index] ?? ''}`.trimEnd())].map(
    (row) => `  ${row}`,
  );
}
