import { paint } from '../paint.js';
import { padRight, wrap } from '../terminal-text.js';
import type { BarChart } from './chart.js';
import { type Block, type Item, MARKS, type Medium, type Report, type Section, simulatedNotice } from './document.js';
import { sectionsFor } from './shown.js';
import { barLines } from './text-bars.js';
import { clean, hanging, INDENT, markOf, type Page, TONES, tableLines } from './text-table.js';

/** Appearance of a text. */
export interface TextOptions {
  readonly color?: boolean;
  /** Columns; default: 80. */
  readonly width?: number;
  /** Blanks before a table; default: 4. */
  readonly indent?: number;
  /** Draws bars without block characters. */
  readonly isAscii?: boolean;
  /** Extent; default: the full text. */
  readonly medium?: Extract<Medium, 'short' | 'text'>;
}

/** Report as text for a terminal. */
export function reportText(report: Report, options: TextOptions = {}): string {
  const { color = false, width = 80, indent = 4, isAscii = false, medium = 'text' } = options;
  const page: Page = { style: paint(color), width, indent, isAscii };
  const shown = sectionsFor(medium, report.sections).map((section) => sectionLines(section, page));
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
    return [...(isApart ? [''] : []), ...blockLines(block, page, title === '' ? '  ' : INDENT)];
  });
  if (title === '') return lines;
  const said = aside === undefined || aside === '' ? '' : page.style.dim(`  ${clean(aside)}`);
  return [page.style.bold(`  █ ${clean(title).toUpperCase()}`) + said, '', ...lines];
}

function blockLines(block: Block, page: Page, indent: string): readonly string[] {
  const { style, width } = page;
  switch (block.kind) {
    case 'table':
      return tableLines(block, page);
    case 'list':
      return block.items.flatMap((item) => itemLines(item, page));
    case 'verdict': {
      const said = hanging(`  ${MARKS[block.tone]} `, block.text, width);
      return [
        ...said.map((line) => style[TONES[block.tone]](style.bold(line))),
        ...block.notes.flatMap((note) => hanging(INDENT, note, width)),
      ];
    }
    case 'paragraph':
      return wrap(clean(block.text), width - indent.length).map((line) => indent + style.dim(line));
    case 'drawings':
      return drawingLines(
        block.charts.filter((chart) => 'groups' in chart),
        page,
      );
    case 'cards':
    case 'charts':
    case 'lanes':
      return [];
  }
}

function itemLines({ text, tone, below = [], explains }: Item, { style, width }: Page): readonly string[] {
  const mark = explains === undefined ? tone && markOf(tone, style) : style.yellow(explains);
  const lines = mark === undefined ? [INDENT + style.bold(clean(text))] : hanging(`${INDENT}${mark} `, text, width);
  return [...lines, ...below.flatMap((each) => hanging(`${INDENT}  ${markOf('muted', style)} `, each, width))];
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
