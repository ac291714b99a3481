import type { Followed } from '../../engine/metrics/delta.js';
import type { Snapshot } from '../../engine/metrics/snapshot.js';
import type { Drawing } from '../document/dots.js';
import type { Paint } from '../paint.js';
import { displayWidth, shorten } from '../terminal-text.js';
import type { History, WindowName } from './history.js';

/** Sort orders of the table of requests. */
export const ORDERS = ['name', 'requests', 'fails', 'p95'] as const;
export type Order = (typeof ORDERS)[number];

/** View settings chosen by the user. */
export interface Choice {
  readonly metric: Followed;
  readonly window: WindowName;
  readonly order: Order;
  /** Rows and columns of the table scrolled out at its beginning. */
  readonly down: number;
  readonly right: number;
  readonly help: boolean;
}

/** Input of all panels. */
export interface View {
  readonly snapshot: Snapshot;
  readonly history: History;
  readonly choice: Choice;
  readonly paint: Paint;
  /** True for ASCII only. */
  readonly ascii: boolean;
  /** Last log lines of the script or the program. */
  readonly log: readonly string[];
}

/** Columns and rows. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Content of one place of the screen. Fits its width and height. */
export interface Panel {
  readonly lines: readonly string[];
  /** Chart below the first line, whose text is among the lines. */
  readonly drawing?: Drawing;
}

/** As many parts as fit, two blanks apart. The first is shortened if too long. */
export function fit(parts: readonly string[], width: number): string {
  let line = '';
  for (const part of parts.filter((each) => each !== '')) {
    if (line === '') line = displayWidth(part) <= width ? part : shorten(part, width);
    else if (displayWidth(line) + 2 + displayWidth(part) <= width) line += `  ${part}`;
    else break;
  }
  return line;
}

/** First line of a panel: its name, and figures beside it. */
export function title({ paint, ascii }: View, name: string, figures: readonly string[], width: number): string {
  return fit([paint.bold(`${ascii ? '#' : '█'} ${name}`), ...figures], width);
}

/** Marks for good and bad. */
export function marks({ ascii }: Pick<View, 'ascii'>): { readonly good: string; readonly bad: string } {
  return ascii ? { good: '+', bad: 'x' } : { good: '✓', bad: '✗' };
}

/** Short form of a rate: `9.25`, `41.3`, `1,204`. */
export function rate(value: number): string {
  if (value === 0) return '0';
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** List cut to a height; its last line then counts the rest. */
export function cutList(lines: readonly string[], height: number): readonly string[] {
  if (lines.length <= height) return lines;
  if (height <= 0) return [];
  const shown = lines.slice(0, height - 1);
  return [...shown, `  … ${lines.length - shown.length} more`];
}
