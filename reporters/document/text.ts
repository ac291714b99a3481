import { type Paint, paint } from '../paint.js';
import { padLeft, padRight, safeText, widest, wrap } from '../terminal-text.js';
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

/** Appearance of a text. */
export interface TextOptions {
  readonly color?: boolean;
  /** Columns; default: 80. */
  readonly width?: number;
  /** Blanks before a table; default: 4. */
  readonly indent?: number;
}

/** Page that lines are laid out on. */
interface Page {
  readonly style: Paint;
  readonly width: number;
  readonly indent: number;
}

const INDENT = '    ';

/** Report as text for a terminal. */
export function reportText(report: Report, { color = false, width = 80, indent = 4 }: TextOptions = {}): string {
  const style = paint(color);
  const { title, lead, simulated, sections } = report;
  const notice = simulatedNotice(simulated);
  const head = `  ${style.bold(clean(title))}${lead === undefined ? '' : ` ${clean(lead)}`}`;
  const shown = sectionsFor('text', sections).map((section) => sectionLines(section, { style, width, indent }));
  const heads = [[head], ...(notice ? [[`  ${style.yellow(notice.text)}`]] : [])];
  return `\n${[...heads, ...shown].map((lines) => lines.join('\n')).join('\n\n')}\n\n`;
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
      return tableLines(block, page);
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
    case 'charts':
    case 'drawings':
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
