import type { Followed } from '../../engine/metrics/delta.js';
import type { Snapshot } from '../../engine/metrics/snapshot.js';
import type { Paint } from '../paint.js';
import { displayWidth, shorten } from '../terminal-text.js';
import type { Drawing } from './chart.js';
import type { History, WindowName } from './history.js';

/** By what the table of requests is sorted. */
export const ORDERS = ['name', 'requests', 'fails', 'p95'] as const;
export type Order = (typeof ORDERS)[number];

/** What the person before the screen has chosen to see. */
export interface Choice {
  readonly metric: Followed;
  readonly window: WindowName;
  readonly order: Order;
  /** Rows and columns of the table that are scrolled out at its beginning. */
  readonly down: number;
  readonly right: number;
  readonly help: boolean;
}

/** Everything that panels are made of. */
export interface View {
  readonly snapshot: Snapshot;
  readonly history: History;
  readonly choice: Choice;
  readonly paint: Paint;
  /** Whether to do with ASCII characters. */
  readonly ascii: boolean;
  /** The last lines that the script or the program has printed. */
  readonly log: readonly string[];
}

/** Columns and rows. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What stands in one place of the screen. No line is wider than the place, and there are no more than it has rows. */
export interface Panel {
  readonly lines: readonly string[];
  /** A chart below the first line, whose text is among the lines. */
  readonly drawing?: Drawing;
}

/** As many of the parts, two blanks apart, as fit. The first is shortened where it does not fit by itself. */
export function fit(parts: readonly string[], width: number): string {
  let line = '';
  for (const part of parts.filter((each) => each !== '')) {
    if (line === '') line = displayWidth(part) <= width ? part : shorten(part, width);
    else if (displayWidth(line) + 2 + displayWidth(part) <= width) line += `  ${part}`;
    else break;
  }
  return line;
}

/** A panel's first line: its name, and figures beside it. */
export function title({ paint, ascii }: View, name: string, figures: readonly string[], width: number): string {
  return fit([paint.bold(`${ascii ? '#' : '█'} ${name}`), ...figures], width);
}

/** The marks of what is good and what is not. */
export function marks({ ascii }: Pick<View, 'ascii'>): { readonly good: string; readonly bad: string } {
  return ascii ? { good: '+', bad: 'x' } : { good: '✓', bad: '✗' };
}

/** A rate in few characters: `9.25`, `41.3`, `1,204`. */
export function rate(value: number): string {
  if (value === 0) return '0';
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** The last line of a list that does not fit says how much is left. */
export function cutList(lines: readonly string[], height: number): readonly string[] {
  if (lines.length <= height) return lines;
  if (height <= 0) return [];
  const shown = lines.slice(0, height - 1);
  return [...shown, `  … ${lines.length - shown.length} more`];
}
