import type { Summary } from '../../engine/metrics/snapshot.js';
import type { Paint } from '../paint.js';
import { displayWidth, padRight, shorten, widest, wrap } from '../terminal-text.js';

/** Input of every section of the text summary. */
export interface Page {
  readonly summary: Summary;
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  /** False for a short summary. */
  readonly isFull: boolean;
  /** Footnotes used by sections, to be explained at the end. */
  readonly footnotes: Set<'few samples'>;
}

/** Labelled figure and a note beside it. */
export interface Row {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}

/** Indentation of lines under a heading. */
export const INDENT = '    ';

const LONGEST_LABEL = 40;

/** Section under its heading; empty when it has no lines. */
export function section(page: Page, title: string, lines: readonly string[], aside = ''): readonly string[] {
  if (lines.length === 0) return [];
  const { bold, dim } = page.paint;
  return [bold(`  █ ${title}`) + (aside === '' ? '' : dim(`  ${aside}`)), '', ...lines];
}

/** Note for headings of whole-run sections, when the headline figures cover less. */
export function wholeRun(page: Page): string {
  return page.summary.windows.headline === 'steady' ? 'of the whole run' : '';
}

/** `label.....: value  note`, aligned. Lines that are too long are wrapped under the value. */
export function dotted(page: Page, rows: readonly Row[]): readonly string[] {
  const labels = rows.map((row) => shorten(row.label, LONGEST_LABEL));
  const labelWidth = widest(labels) + 3;
  const valueWidth = widest(rows.map((row) => (row.note === undefined ? '' : row.value)));
  return rows.flatMap(({ value, note }, index) => {
    const label = labels[index] ?? '';
    const dots = '.'.repeat(labelWidth - displayWidth(label));
    const head = `${INDENT}${label}${page.paint.dim(`${dots}:`)} `;
    const begin = note === undefined ? head : `${head}${padRight(value, valueWidth)}  `;
    const column = displayWidth(begin);
    const [first = '', ...rest] = wrap(note ?? value, page.width - column);
    return [begin + first, ...rest.map((line) => ' '.repeat(column) + line)];
  });
}

/** Wrapped text after a mark, further lines aligned under the first. */
export function paragraph(page: Page, mark: string, text: string, indent = INDENT): readonly string[] {
  const begin = mark === '' ? indent : `${indent}${mark} `;
  const column = displayWidth(begin);
  return wrap(text, page.width - column).map((line, index) => (index === 0 ? begin : ' '.repeat(column)) + line);
}
