import { formatDuration } from '../engine/clock.js';
import type { Paint } from './paint.js';
import { padLeft, widest } from './terminal-text.js';

/** Color of a curve. */
type Color = Exclude<keyof Paint, 'bold' | 'dim'> | 'white';

/** Value over an interval, in seconds; null where there is none. */
export interface Sample {
  readonly at: number;
  readonly seconds: number;
  readonly value: number | null;
}

/** Value at an instant in seconds. Two at one instant are a jump. */
interface Point {
  readonly at: number;
  readonly value: number;
}

/** One line of a chart, through points or through samples of intervals. */
export interface Curve {
  readonly color: Color;
  /** Draws every second dot only, for curves behind others. */
  readonly dotted?: boolean;
  readonly samples?: readonly Sample[];
  readonly points?: readonly Point[];
}

/** Content of a chart. `from` and `to` in seconds since the load started. */
export interface Plot {
  readonly from: number;
  readonly to: number;
  readonly curves: readonly Curve[];
  /** Values that the labels of the y axis show. */
  readonly axis: string;
  /** Label of a y value. */
  readonly label: (value: number) => string;
}

/** Chart laid out in cells (text) and dots (curves). A cell has two by four dots. */
export interface Drawing {
  /** Lines of text around the plot area. Y values on the left, times below. */
  readonly text: readonly string[];
  /** Columns on the left, and columns and rows of the plot area. */
  readonly margin: number;
  readonly columns: number;
  readonly rows: number;
  /** Connected paths; a path of one point is a dot. */
  readonly strokes: readonly { readonly color: Color; readonly path: readonly Dot[] }[];
}

type Dot = readonly [x: number, y: number];

/** Dots of a cell. */
const DOTS = { across: 2, down: 4 };

/** Bits of a braille character's dots, by column and row. */
const BITS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
];

/** Least distance of time marks, in columns: room for labels. */
const MARK_COLUMNS = 10;

/** Distances of marks on the time axis, in seconds. */
const TIME_STEPS = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * 60),
];

/** Lays out a chart, axes included. The y axis begins at zero; gaps stay gaps. */
export function draw(plot: Plot, width: number, height: number): Drawing {
  const rows = height - 1;
  const values = plot.curves.flatMap(({ samples = [], points = [] }) =>
    [...samples, ...points].flatMap(({ value }) => value ?? []),
  );
  const top = niceTop(Math.max(0, ...values));
  // Half of the top has a label where there is room for it between the two others.
  const marks = rows >= 5 ? [0, 0.5, 1] : [0, 1];
  const labels = marks.map((share) => plot.label(top * share));
  const margin = widest(labels) + 2;
  const columns = width - margin;
  const text = Array.from({ length: rows }, (_, row) => {
    const mark = marks.findIndex((share) => Math.round((1 - share) * (rows - 1)) === row);
    return `${padLeft(labels[mark] ?? '', margin - 2)} ${plot.axis}`;
  });
  const strokes = plot.curves.flatMap((curve) =>
    pathsOf(curve, plot, top, columns * DOTS.across, rows * DOTS.down).map((path) => ({ color: curve.color, path })),
  );
  return { text: [...text, timeAxis(plot, margin, columns)], margin, columns, rows, strokes };
}

/** Smallest round number that is not below the value. */
function niceTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 3, 4, 5, 6, 8, 10].find((nice) => nice * power >= value * (1 - 1e-9)) ?? 10) * power;
}

/** Curve in dots, broken where it has no value. */
function pathsOf(curve: Curve, { from, to }: Plot, top: number, width: number, height: number): Dot[][] {
  const { samples = [], points = [], dotted } = curve;
  const dotAt = (at: number, value: number): Dot => [
    Math.round(((at - from) / (to - from)) * (width - 1)),
    Math.round((1 - Math.min(1, value / top)) * (height - 1)),
  ];
  if (points.length > 0) return [points.map(({ at, value }) => dotAt(at, value))];
  const paths: Dot[][] = [];
  let path: Dot[] | undefined;
  let endsAt = Number.NEGATIVE_INFINITY;
  for (const { at, seconds, value } of samples) {
    // Half a second of tolerance, since consecutive intervals may be reported slightly apart.
    if (value === null || at > endsAt + 0.5) path = undefined;
    endsAt = at + seconds;
    if (value === null) continue;
    const [x, y] = dotAt(at + seconds / 2, value);
    if (x < 0 || x >= width) continue;
    const last = path?.at(-1);
    // Of several samples in one dot's width the highest is shown, so that no peak is lost.
    if (path && last?.[0] === x) path[path.length - 1] = [x, Math.min(last[1], y)];
    else if (path) path.push([x, y]);
    else {
      path = [[x, y]];
      paths.push(path);
    }
  }
  return dotted ? paths.flatMap((solid) => dotsAlong(solid)) : paths;
}

/** Every third dot along a path, each as a separate path. */
function dotsAlong(path: readonly Dot[]): Dot[][] {
  const dots: Dot[][] = [];
  path.forEach(([x, y], index) => {
    const [x0, y0] = path[index - 1] ?? [x, y];
    for (let across = x0; across <= x; across += 1) {
      if (across % 3 !== 0 || (across === x0 && index > 0)) continue;
      const share = x === x0 ? 1 : (across - x0) / (x - x0);
      dots.push([[across, Math.round(y0 + (y - y0) * share)]]);
    }
  });
  return dots;
}

/** Times since the start of the load, below their marks. */
function timeAxis({ from, to }: Plot, margin: number, columns: number): string {
  const columnOf = (at: number) => Math.round(((at - from) / (to - from)) * (columns - 1));
  const days = 86_400 * Math.ceil((to - from) / 86_400);
  const step = TIME_STEPS.find((seconds) => (seconds / (to - from)) * columns >= MARK_COLUMNS) ?? days;
  let line = '';
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    const label = formatDuration(at * 1000);
    // The mark is the column of the label's first character; the last has to end within the chart.
    const begin = Math.min(margin + columnOf(at), margin + columns - label.length);
    if (line === '' || begin > line.length) line = line.padEnd(begin) + label;
  }
  return line;
}

/** Rows of braille characters that show the strokes of a chart. */
export function brailleOf({ columns, rows, strokes }: Drawing): string[] {
  const cells = Array.from({ length: rows }, () => new Uint8Array(columns));
  const set = (x: number, y: number) => {
    const row = cells[Math.floor(y / DOTS.down)];
    const column = Math.floor(x / DOTS.across);
    if (row && column < columns) row[column]! |= BITS[x % DOTS.across]![y % DOTS.down]!;
  };
  for (const { path } of strokes) {
    path.forEach(([x, y], index) => {
      const [x0, y0] = path[index - 1] ?? [x, y];
      const steps = Math.max(1, Math.abs(x - x0), Math.abs(y - y0));
      for (let step = 0; step <= steps; step += 1) {
        set(Math.round(x0 + ((x - x0) * step) / steps), Math.round(y0 + ((y - y0) * step) / steps));
      }
    });
  }
  return cells.map((row) =>
    Array.from(row, (dots) => (dots === 0 ? ' ' : String.fromCharCode(0x2800 + dots))).join(''),
  );
}

/** ASCII characters that resemble the dot patterns of braille characters. */
export function asciiOf(frame: string): string {
  return frame.replace(/[\u2800-\u28ff]/g, (character) => {
    const dots = character.charCodeAt(0) - 0x2800;
    const [top, middle, bottom] = [dots & 0x09, dots & 0x36, dots & 0xc0];
    if (dots === 0) return ' ';
    if (top && bottom) return '|';
    if (top) return middle ? '"' : "'";
    if (bottom) return middle ? ',' : '.';
    return '-';
  });
}
