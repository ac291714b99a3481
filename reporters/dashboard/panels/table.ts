import type { RowFigures } from '../../../engine/metrics/locust/row-figures.js';
import { compactCount, shortDuration } from '../../format.js';
import { isPlainHttp } from '../../plain-http.js';
import { padLeft, padRight, safeText, shorten, shortenFront, widest } from '../../terminal-text.js';
import { type Order, type Panel, rate, type Size, title, type View } from '../view.js';

/** Column of figures; later columns are dropped first where room is short. */
interface Column {
  readonly head: string;
  readonly text: (row: RowFigures) => string;
}

const time = (of: (row: RowFigures) => number) => (row: RowFigures) =>
  row.requests === 0 ? '–' : shortDuration(of(row));

/** Locust's columns in Locust's order, and those specific to LLMs. */
const COLUMNS: readonly Column[] = [
  { head: 'reqs', text: ({ requests }) => compactCount(requests) },
  { head: 'fails', text: ({ failures }) => compactCount(failures) },
  { head: 'avg', text: time(({ avg }) => avg) },
  { head: 'min', text: time(({ min }) => min) },
  { head: 'max', text: time(({ max }) => max) },
  { head: 'med', text: time(({ median }) => median) },
  { head: 'p95', text: time(({ p95 }) => p95) },
  { head: 'p99', text: time(({ p99 }) => p99) },
  { head: 'req/s', text: ({ requestsPerSecond }) => rate(requestsPerSecond) },
  { head: 'fail/s', text: ({ failuresPerSecond }) => rate(failuresPerSecond) },
  { head: 'TTFT', text: ({ ttft }) => (ttft ? shortDuration(ttft.median) : '–') },
  { head: 'TPOT', text: ({ tpot }) => (tpot ? shortDuration(tpot.median) : '–') },
  { head: 'tok/s', text: ({ outputTokensPerSecond }) => rate(outputTokensPerSecond) },
];

/** First column that plain HTTP has no figures for. */
const OF_LLMS = COLUMNS.findIndex(({ head }) => head === 'TTFT');

/** Least and most width of names. */
const NAMES = { least: 10, most: 44 };

/** Requests by name: sorted, scrolled, with as many columns as fit. */
export function table(view: View, { width, height }: Size): Panel {
  const { snapshot, choice, paint } = view;
  const rows = [...snapshot.rows].sort(BY[choice.order]);
  const all = [...rows, snapshot.aggregated];
  const room = Math.max(1, height - (rows.length > 1 ? 3 : 2));
  const down = Math.min(choice.down, Math.max(0, rows.length - room));
  const shown = rows.slice(down, down + room);
  const names = Math.min(NAMES.most, Math.max(NAMES.least, widest(all.map(nameOf))));
  const offered = COLUMNS.slice(0, isPlainHttp(snapshot) ? OF_LLMS : undefined);
  const { columns, nameWidth } = columnsThatFit(offered, all, choice.right, names, width);
  const line = (row: RowFigures) => {
    const name = shortName(row, nameWidth);
    return ` ${padRight(name, nameWidth)}${columns.map(({ text, columnWidth }) => padLeft(text(row), columnWidth + 1)).join('')}`;
  };
  const head = ` ${padRight('name', nameWidth)}${columns.map(({ head: text, columnWidth }) => padLeft(text, columnWidth + 1)).join('')}`;
  const hidden = offered.length - columns.length;
  const figures = [
    `by ${choice.order}`,
    ...(rows.length > room ? [`${down + 1} to ${down + shown.length} of ${rows.length}`] : []),
    ...(hidden > 0 ? [`${hidden} more columns: left, right`] : []),
  ];
  return {
    lines: [
      title(view, 'REQUESTS', figures.map(paint.dim), width),
      ...(rows.length === 0
        ? [' none has finished yet']
        : [paint.dim(head), ...shown.map((row) => colored(view, row, line(row)))]),
      ...(rows.length > 1 ? [paint.bold(line(snapshot.aggregated))] : []),
    ].slice(0, height),
  };
}

const BY: Readonly<Record<Order, (a: RowFigures, b: RowFigures) => number>> = {
  name: () => 0,
  requests: (a, b) => b.requests - a.requests,
  fails: (a, b) => b.failures - a.failures,
  p95: (a, b) => b.p95 - a.p95,
};

function colored({ paint }: View, { failures }: RowFigures, line: string): string {
  return failures > 0 ? paint.red(line) : line;
}

function nameOf({ name }: RowFigures): string {
  return safeText(name);
}

/** URL shortened at its front. URLs of one server differ at their ends. */
function shortName(row: RowFigures, width: number): string {
  const name = nameOf(row);
  return name.includes('://') ? shortenFront(name, width) : shorten(name, width);
}

interface FittedColumn extends Column {
  readonly columnWidth: number;
}

/** Columns that fit the width; names shrink before columns are dropped. */
function columnsThatFit(
  offered: readonly Column[],
  rows: readonly RowFigures[],
  right: number,
  names: number,
  width: number,
): { readonly columns: readonly FittedColumn[]; readonly nameWidth: number } {
  const measured = offered.map((column) => {
    // Room for one digit more, so that columns do not jump while figures grow.
    return { ...column, columnWidth: Math.max(5, widest([column.head, ...rows.map(column.text)])) };
  });
  const widthOf = (columns: readonly FittedColumn[]) =>
    columns.reduce((sum, { columnWidth }) => sum + columnWidth + 1, 0);
  const least = Math.min(names, NAMES.least);
  const room = width - 1;
  let last = measured.length;
  let first = 0;
  if (widthOf(measured) + least > room) {
    first = Math.min(right, measured.length - 1);
    while (first > 0 && widthOf(measured.slice(first - 1)) + least <= room) first -= 1;
    while (last > first + 1 && widthOf(measured.slice(first, last)) + least > room) last -= 1;
  }
  const columns = measured.slice(first, last);
  return { columns, nameWidth: Math.max(1, Math.min(names, room - widthOf(columns))) };
}

/** Number of columns of figures, for scrolling. */
export const COLUMN_COUNT = COLUMNS.length;
