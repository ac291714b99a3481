import { type Paint, paint } from '../paint.js';
import { padLeft, padRight, safeText, widest, wrap } from '../terminal-text.js';
import type { BarChart } from './chart.js';
import {
  type Block,
  type Cell,
  type Item,
  MARKS,
  type Report,
  type Row,
  type Section,
  sectionsFor,
  simulatedNotice,
  type Table,
  type Tone,
} from './document.js';
import { barLines } from './text-bars.js';

/** Appearance of a text. */
export interface TextOptions {
  readonly color?: boolean;
  /** Columns; default: 80. */
  readonly width?: number;
  /** Blanks before a table; default: 4. */
  readonly indent?: number;
  /** Draws bars without block characters. */
  readonly isAscii?: boolean;
}

/** Page that lines are laid out on. */
interface Page {
  readonly style: Paint;
  readonly width: number;
  readonly indent: number;
  readonly isAscii: boolean;
}

const INDENT = '    ';

/** Report as text for a terminal. */
export function reportText(report: Report, options: TextOptions = {}): string {
  const { color = false, width = 80, indent = 4, isAscii = false } = options;
  const page: Page = { style: paint(color), width, indent, isAscii };
  const shown = sectionsFor('text', report.sections).map((section) => sectionLines(section, page));
  const parts = [...headParts(report, page), ...shown].filter((lines) => lines.length > 0);
  return parts.length === 0 ? '' : `\n${parts.map((lines) => lines.join('\n')).join('\n\n')}\n\n`;
}

function headParts({ title, lead, facts, simulated }: Report, { style, width }: Page): readonly (readonly string[])[] {
  if (facts) {
    const known = Object.entries(facts).filter(([, text]) => text !== undefined && text !== '');
    return [known.flatMap(([label, text = '']) => hanging(`  ${style.dim(padRight(label, 11))}`, text, width))];
  }
  const notice = simulatedNotice(simulated);
  return [
    [`  ${style.bold(clean(title))}${lead === undefined ? '' : ` ${clean(lead)}`}`],
    notice ? [`  ${style.yellow(notice.text)}`] : [],
  ];
}

function sectionLines({ title, aside, blocks }: Section, page: Page): readonly string[] {
  const lines = blocks.flatMap((block, index) => {
    const isApart = index > 0 && block.kind !== 'verdict';
    return [...(isApart ? [''] : []), ...blockLines(block, page)];
  });
  if (title === '') return lines;
  const said = aside === undefined || aside === '' ? '' : page.style.dim(`  ${clean(aside)}`);
  return [page.style.bold(`  █ ${clean(title).toUpperCase()}`) + said, '', ...lines];
}

function blockLines(block: Block, page: Page): readonly string[] {
  switch (block.kind) {
    case 'table':
      return fitted(block, page);
    case 'list':
      return block.items.flatMap((item) => itemLines(item, page));
    case 'verdict': {
      const { tone, text, notes } = block;
      const [first = '', ...rest] = wrap(clean(text), page.width - 4);
      const said = [`  ${MARKS[tone]} ${first}`, ...rest.map((line) => INDENT + line)];
      const color = TONES[tone];
      return [
        ...said.map((line) => page.style[color](page.style.bold(line))),
        ...notes.flatMap((note) => wrap(clean(note), page.width - 4).map((line) => INDENT + line)),
      ];
    }
    case 'paragraph':
      return wrap(clean(block.text), page.width - 4).map((line) => INDENT + page.style.dim(line));
    case 'drawings':
      return drawingLines(
        block.charts.filter((chart) => 'groups' in chart),
        page,
      );
    case 'charts':
      return [];
  }
}

const TONES = { good: 'green', doubtful: 'yellow', bad: 'red', muted: 'dim' } as const;

function markOf(tone: Tone, style: Paint): string {
  return style[TONES[tone]](MARKS[tone]);
}

function itemLines({ text, tone, below = [] }: Item, { style, width }: Page): readonly string[] {
  const lines =
    tone === undefined ? [INDENT + style.bold(clean(text))] : hanging(`${INDENT}${markOf(tone, style)} `, text, width);
  return [...lines, ...below.flatMap((each) => hanging(`${INDENT}  ${markOf('muted', style)} `, each, width))];
}

/** Wrapped text after its mark, further lines aligned under the first. */
function hanging(begin: string, text: string, width: number): readonly string[] {
  const column = widest([begin]);
  return wrap(clean(text), width - column).map((line, index) => (index === 0 ? begin : ' '.repeat(column)) + line);
}

/** Bar charts, two side by side where there is room. */
function drawingLines(charts: readonly BarChart[], { style, width, isAscii }: Page): readonly string[] {
  const half = Math.floor((width - 6) / 2);
  const isBeside = half >= 32 && charts.length === 2;
  const [left = [], right = []] = charts.map((chart) =>
    barLines(chart, isBeside ? half : width - 4, isAscii).map((line, index) => (index === 0 ? style.bold(line) : line)),
  );
  if (!isBeside) return [...left, ...(right.length > 0 ? ['', ...right] : [])].map((line) => `  ${line}`.trimEnd());
  return left.map((line, index) => `  ${line}  ${right[index] ?? ''}`.trimEnd());
}

/** Table without the columns for which a line is too short. */
function fitted(table: Table, page: Page): readonly string[] {
  const lines = tableLines(table, page);
  const leaving = table.columns.map(({ leaves = Number.POSITIVE_INFINITY }) => leaves);
  const next = Math.min(...leaving);
  if (!Number.isFinite(next) || widest(lines) <= page.width) return lines;
  const stays = <Thing>(_: Thing, index: number) => leaving[index] !== next;
  const rows = table.rows.map((row) => ({ ...row, cells: row.cells.filter(stays) }));
  return fitted({ ...table, rows, columns: table.columns.filter(stays) }, page);
}

/** Columns aligned under their heads. Marks hang in the gaps between columns. */
function tableLines({ title, columns, rows, note, isMarked = false }: Table, page: Page): readonly string[] {
  const { style } = page;
  const cells = rows.map((row) => columns.map((_, index) => cellOf(row.cells[index])));
  const heads = columns.map(({ head }): Cell => ({ text: isMarked ? '' : head }));
  const widths = columns.map((_, index) => widest([heads, ...cells].map((row) => row[index]?.text ?? '')));
  const line = (row: readonly Cell[]) =>
    row
      .map(({ text, tone, mark }, index) => {
        const isLeft = index === 0 ? columns[0]?.kind !== 'figure' : columns[index]?.kind === 'text';
        const isLast = index === row.length - 1;
        const padded = isLeft ? padRight(text, isLast ? 0 : (widths[index] ?? 0)) : padLeft(text, widths[index] ?? 0);
        return `${tone ? style[TONES[tone]](padded) : padded}${mark ? style.yellow(mark) : ' '}`;
      })
      .join(' ')
      .trimEnd();
  const begin = ' '.repeat(isMarked ? INDENT.length : page.indent);
  return [
    ...(title === undefined ? [] : [INDENT + style.bold(clean(title))]),
    ...(heads.some(({ text }) => text !== '') ? [begin + style.dim(line(heads))] : []),
    ...cells.map((row, index) => {
      const tone = rows[index]?.tone;
      if (tone === undefined) return begin + line(row);
      return begin + (isMarked ? `${markOf(tone, style)} ${line(row)}` : style[TONES[tone]](line(row)));
    }),
    ...(note === undefined ? [] : [INDENT + style.dim(clean(note))]),
  ];
}

function cellOf(content: Row['cells'][number]): Cell {
  const cell = typeof content === 'object' ? content : { text: content ?? '' };
  return { ...cell, text: clean(cell.text) };
}

/** Text on one line, without anything that a terminal would obey. */
function clean(text: string): string {
  return safeText(text.replaceAll('\u00a0', ' '));
}
