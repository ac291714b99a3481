import type { Paint } from '../paint.js';
import { displayWidth, padLeft, padRight, safeText, shorten, shortenFront, widest, wrap } from '../terminal-text.js';
import { type Cell, type Column, MARKS, type Row, type Table, type Tone } from './document.js';

/** Page that lines are laid out on. */
export interface Page {
  readonly style: Paint;
  /** Columns of the terminal. */
  readonly width: number;
  /** Blanks before a table. */
  readonly indent: number;
  readonly isAscii: boolean;
}

/** Indentation of lines under a heading. */
export const INDENT = '    ';

/** Style of each tone. */
export const TONES = { good: 'green', doubtful: 'yellow', bad: 'red', muted: 'dim' } as const;

const LONGEST_LABEL = 40;

/** Text on one line, without anything that a terminal would obey. Keeps its indentation. */
export function clean(text: string): string {
  return (/^ */.exec(text)?.[0] ?? '') + safeText(text.replaceAll('\u00a0', ' '));
}

/** Mark of a tone in its color. */
export function markOf(tone: Tone, style: Paint): string {
  return style[TONES[tone]](MARKS[tone]);
}

/** Wrapped text after its mark, further lines aligned under the first. */
export function hanging(begin: string, text: string, width: number): readonly string[] {
  const column = displayWidth(begin);
  const said = clean(text).trimStart();
  if (column + displayWidth(said) <= width) return said === '' ? [] : [begin + said];
  return wrap(said, width - column).map((line, index) => (index === 0 ? begin : ' '.repeat(column)) + line);
}

/** Table as lines. Columns that may leave do so where the page is narrow. */
export function tableLines(table: Table, page: Page): readonly string[] {
  const lines = table.isDotted ? dottedLines(table, page) : alignedLines(table, page);
  const leaving = table.columns.map(({ leaves = Number.POSITIVE_INFINITY }) => leaves);
  const next = Math.min(...leaving);
  if (!Number.isFinite(next) || widest(lines) <= page.width) return lines;
  const stays = <Thing>(_: Thing, index: number) => leaving[index] !== next;
  const rows = table.rows.map((row) => ({ ...row, cells: row.cells.filter(stays) }));
  return tableLines({ ...table, rows, columns: table.columns.filter(stays) }, page);
}

/** `label.....: value  note`, aligned. Lines that are too long are wrapped under the value. */
function dottedLines({ rows }: Table, { style, width }: Page): readonly string[] {
  const all = rows.map(({ cells: [label, value, note] }) => {
    const text = typeof label === 'string' ? label : '';
    return { label: shorten(clean(text), LONGEST_LABEL), value: cellOf(value).text, note: cellOf(note).text };
  });
  const labelWidth = widest(all.map(({ label }) => label)) + 3;
  const valueWidth = widest(all.map(({ value, note }) => (note === '' ? '' : value)));
  return all.flatMap(({ label, value, note }) => {
    const head = `${INDENT}${label}${style.dim(`${'.'.repeat(labelWidth - displayWidth(label))}:`)} `;
    return note === '' ? hanging(head, value, width) : hanging(`${head}${padRight(value, valueWidth)}  `, note, width);
  });
}

/** Columns aligned under their heads. Marks hang in the gaps between columns. */
function alignedLines(table: Table, page: Page): readonly string[] {
  const { title, columns, rows, note, isMarked = false } = table;
  const { style } = page;
  const begin = ' '.repeat(isMarked ? INDENT.length + 2 : page.indent);
  const heads = columns.map(({ head }): Cell => ({ text: isMarked ? '' : clean(head) }));
  const cells = rows.map((row) => columns.map((column, index) => cut(cellOf(row.cells[index]), column)));
  const { widths, room } = widthsOf(table, [heads, ...cells], page.width - begin.length);
  const line = (row: readonly Cell[]) => begin + lineOf(row, columns, widths, style).trimEnd();
  const labelled = (row: readonly Cell[]) => {
    const [label = { text: '' }, ...figures] = row;
    if (displayWidth(label.text) <= room) return [line(row)];
    const own = begin + shorten(label.text, page.width - begin.length);
    return figures.every(({ text }) => text === '') ? [own] : [own, line([{ text: '' }, ...figures])];
  };
  return [
    ...(title === undefined ? [] : [INDENT + style.bold(clean(title))]),
    ...(heads.some(({ text }) => text !== '') ? [style.dim(line(heads))] : []),
    ...cells.flatMap((row, index) => {
      const { heading, tone, mark, below = [] } = rows[index] ?? {};
      if (heading !== undefined) return headingLines(rows[index] ?? {}, index === 0 && isMarked, page);
      const own = labelled(row);
      const marked =
        isMarked && tone
          ? own.map((text, at) =>
              at === 0 ? begin.slice(2) + (mark ?? markOf(tone, style)) + text.slice(begin.length - 1) : text,
            )
          : own;
      const colored = !isMarked && tone ? marked.map(style[TONES[tone]]) : marked;
      return [...colored, ...below.flatMap(({ text }) => hanging(`${INDENT}  `, text, page.width))];
    }),
    ...(note === undefined ? [] : [INDENT + style.dim(clean(note))]),
  ];
}

function headingLines(
  { heading = '', aside }: Partial<Row>,
  isFirst: boolean,
  { style, width }: Page,
): readonly string[] {
  const said = aside === undefined ? '' : `  ${clean(aside)}`;
  const text = shorten(clean(heading), width - INDENT.length - displayWidth(said));
  return [...(isFirst ? [] : ['']), INDENT + style.bold(text) + style.dim(said)];
}

/** Widths of all columns, and the room that labels have. */
function widthsOf({ columns, isEven = false }: Table, all: readonly (readonly Cell[])[], width: number) {
  const natural = columns.map((_, index) => widest(all.map((row) => row[index]?.text ?? '')));
  const even = Math.max(0, ...natural.slice(1));
  const [, ...others] = natural.map((each) => (isEven ? even : each));
  const room = isEven ? width - others.reduce((sum, each) => sum + each + 2, 0) : Number.POSITIVE_INFINITY;
  const labels = all.map((row) => row[0]?.text ?? '').filter((label) => label !== '');
  const fitting = labels.filter((label) => displayWidth(label) <= room);
  return { widths: [fitting.length > 0 || labels.length === 0 ? widest(fitting) : room - 1, ...others], room };
}

function lineOf(row: readonly Cell[], columns: readonly Column[], widths: readonly number[], style: Paint): string {
  return row
    .map(({ text, tone, mark }, index) => {
      const isLeft = index === 0 ? columns[0]?.kind !== 'figure' : columns[index]?.kind === 'text';
      const width = isLeft && index === row.length - 1 ? 0 : (widths[index] ?? 0);
      const padded = (isLeft ? padRight : padLeft)(text, width);
      return `${tone ? style[TONES[tone]](padded) : padded}${mark ? style.yellow(mark) : ' '}`;
    })
    .join(' ');
}

function cellOf(content: Row['cells'][number]): Cell {
  const cell = typeof content === 'object' ? content : { text: content ?? '' };
  return { ...cell, text: clean(cell.text) };
}

/** Cell cut to the most that its column takes. URLs of one server differ at their ends. */
function cut(cell: Cell, { most }: Column): Cell {
  if (most === undefined) return cell;
  return { ...cell, text: (cell.text.includes('://') ? shortenFront : shorten)(cell.text, most) };
}
