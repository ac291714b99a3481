import { asciiOf, brailleOf, draw } from './document/dots.js';
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

function plotOne({ name, description, unit, points }: PlottedLine, to: number, width: number, isAscii: boolean) {
  const corners = points.map(({ at, level }) => ({ x: at / 1000, y: level }));
  // A line that begins or ends within the plot does so at the axis.
  const [first, last] = [corners[0], corners.at(-1)];
  const line = [
    ...(first && first.x > 0 ? [{ x: first.x, y: 0 }] : []),
    ...corners,
    ...(last && last.x < to ? [{ x: last.x, y: 0 }] : []),
  ];
  const drawing = draw(
    {
      y: { name: unit, unit: unit === 'VUs' ? 'whole' : 'count' },
      lines: [{ label: name, color: 9, style: 'steps', points: line }],
    },
    { from: 0, to, width: width - 2, height: HEIGHT, isAscii },
  );
  const rows = brailleOf(drawing).map((row) => (isAscii ? asciiOf(row) : row));
  const title = shorten(`${unit} over time, ${safeText(name)}: ${safeText(description)}`, width - 2);
  return [title, ...drawing.text.map((text, index) => `${text}${rows[index] ?? ''}`.trimEnd())].map(
    (row) => `  ${row}`,
  );
}
