import { formatDuration } from '../../engine/clock.js';
import type { Paint } from '../paint.js';
import { padLeft, widest } from '../terminal-text.js';
import { tick } from './axis.js';
import type { Line, LineChart, Point } from './chart.js';

/** Color of a line. */
type Color = Exclude<keyof Paint, 'bold' | 'dim'> | 'white';

/** Terminal's color for each of a page. */
const COLORS: Readonly<Record<number, Color>> = { 1: 'green', 2: 'yellow', 3: 'red', 4: 'green', 5: 'cyan' };

/** Place of a chart over time. `from` and `to` in seconds since the load started. */
export interface Layout {
  readonly from: number;
  readonly to: number;
  /** Columns and rows, axes included. */
  readonly width: number;
  readonly height: number;
  readonly isAscii: boolean;
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
export function draw({ y, lines }: Pick<LineChart, 'y' | 'lines'>, layout: Layout): Drawing {
  const rows = layout.height - 1;
  const values = lines.flatMap(({ points }) => points.flatMap((point) => point.y ?? []));
  const top = niceTop(Math.max(0, ...values));
  // Half of the top has a label where there is room for it between the two others.
  const marks = rows >= 5 ? [0, 0.5, 1] : [0, 1];
  const labels = marks.map((share) => tick(y.unit, top * share));
  const margin = widest(labels) + 2;
  const columns = layout.width - margin;
  const text = Array.from({ length: rows }, (_, row) => {
    const mark = marks.findIndex((share) => Math.round((1 - share) * (rows - 1)) === row);
    return `${padLeft(labels[mark] ?? '', margin - 2)} ${layout.isAscii ? '|' : '│'}`;
  });
  const strokes = lines.flatMap((line) => {
    const color = COLORS[line.color] ?? 'white';
    return pathsOf(line, layout, top, columns * DOTS.across, rows * DOTS.down).map((path) => ({ color, path }));
  });
  return { text: [...text, timeAxis(layout, margin, columns)], margin, columns, rows, strokes };
}

/** Smallest round number that is not below the value. */
function niceTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 3, 4, 5, 6, 8, 10].find((nice) => nice * power >= value * (1 - 1e-9)) ?? 10) * power;
}

/** Line in dots, broken where it has no value. The corners of `steps` stay; else peaks do. */
function pathsOf({ points, style }: Line, { from, to }: Layout, top: number, width: number, height: number): Dot[][] {
  const dotAt = ({ x, y }: Point): Dot => [
    Math.round(((x - from) / (to - from)) * (width - 1)),
    Math.round((1 - Math.min(1, (y ?? 0) / top)) * (height - 1)),
  ];
  const paths: Dot[][] = [];
  let path: Dot[] | undefined;
  for (const point of points) {
    const [x, y] = dotAt(point);
    if (point.y === null) path = undefined;
    if (point.y === null || x < 0 || x >= width) continue;
    const last = path?.at(-1);
    if (path && last?.[0] === x && style !== 'steps') path[path.length - 1] = [x, Math.min(last[1], y)];
    else if (path) path.push([x, y]);
    else {
      path = [[x, y]];
      paths.push(path);
    }
  }
  return style === 'dashed' ? paths.flatMap((solid) => dotsAlong(solid)) : paths;
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
function timeAxis({ from, to }: Layout, margin: number, columns: number): string {
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
