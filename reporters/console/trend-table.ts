import type { Values } from '../../engine/metrics/snapshot.js';
import { compactCount, NO_NUMBER } from '../format.js';
import { padLeft, padRight, shorten, widest } from '../terminal-text.js';
import { type MetricForm, metricValue } from './metric-value.js';
import { fewSamples } from './sample-size.js';
import { INDENT, type Page } from './section.js';

type Column = readonly [title: string, key: string];

/** Columns, and the value key of each. */
const COLUMNS: readonly Column[] = [
  ['avg', 'avg'],
  ['min', 'min'],
  ['p50', 'med'],
  ['p90', 'p(90)'],
  ['p95', 'p(95)'],
  ['p99', 'p(99)'],
  ['max', 'max'],
];

/** Columns of a short summary, as places in the list. */
const SHORT = [0, 2, 4, 5, 6];

/** One distribution of a table. */
export interface TrendRow {
  readonly label: string;
  readonly cells: readonly { readonly text: string; readonly marked: boolean }[];
}

/** Row of the table; undefined when nothing was recorded. */
export function trendRow(
  label: string,
  form: MetricForm,
  values: Values,
  marked: (key: string) => boolean,
): TrendRow | undefined {
  if (values.avg === undefined) return undefined;
  const cells = COLUMNS.map(([, key]) => {
    const value = values[key] ?? (key === 'med' ? values['p(50)'] : undefined);
    if (value === undefined) return { text: NO_NUMBER, marked: false };
    const text = form.contains === 'default' ? compactCount(value) : metricValue(form, key, value, 'kept');
    return { text, marked: marked(key) };
  });
  return { label, cells };
}

/**
 * Distributions as a table. A string among the rows is a line between them. Labels too long to leave room for the
 * figures get a line of their own.
 */
export function trendTable(page: Page, rows: readonly (TrendRow | string)[]): readonly string[] {
  const trends = rows.filter((row) => typeof row !== 'string');
  if (trends.length === 0) return [];
  const shown = page.isFull ? COLUMNS.map((_, place) => place) : SHORT;
  const cellsOf = (row: TrendRow) => row.cells.filter((_, place) => shown.includes(place));
  const cellWidth = widest(trends.flatMap((row) => cellsOf(row).map((cell) => cell.text)));
  const room = page.width - INDENT.length - shown.length * (cellWidth + 2);
  const fitting = trends.map((row) => row.label).filter((label) => widest([label]) <= room);
  const labelWidth = fitting.length > 0 ? widest(fitting) : room - 1;
  const { dim, yellow } = page.paint;

  // The mark hangs in the gap behind its figure, so that figures stay aligned.
  const line = (label: string, texts: readonly string[], marks: readonly string[]): string =>
    `${INDENT}${padRight(label, labelWidth)} ${texts
      .map((text, index) => ` ${padLeft(text, cellWidth)}${marks[index] ?? ' '}`)
      .join('')}`.trimEnd();

  const head = line(
    '',
    shown.map((place) => COLUMNS[place]?.[0] ?? ''),
    [],
  );
  return [
    dim(head),
    ...rows.flatMap((row) => {
      if (typeof row === 'string') return [row];
      const texts = cellsOf(row).map((cell) => cell.text);
      const marks = cellsOf(row).map((cell) => (cell.marked ? yellow(fewSamples(page)) : ' '));
      return widest([row.label]) <= room
        ? [line(row.label, texts, marks)]
        : [INDENT + shorten(row.label, page.width - INDENT.length), line('', texts, marks)];
    }),
  ];
}
