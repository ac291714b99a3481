import { safeText } from '../terminal-text.js';
import {
  type Block,
  type Cell,
  MARKS,
  type Report,
  type Row,
  type Section,
  type Table,
  type Tone,
} from './document.js';
import { sectionsFor } from './shown.js';

/** Marks that stand out beside one another. */
const SIGNS: Readonly<Record<Tone, string>> = { ...MARKS, good: '✅', doubtful: '⚠️', bad: '❌' };

/** Report in GitHub's Markdown, for a CI step or a comment. */
export function reportMarkdown({ title, lead, facts = {}, sections }: Report): string {
  const shown = sectionsFor('markdown', sections);
  const verdict = shown.flatMap(({ blocks }) => blocks).find((block) => block.kind === 'verdict');
  const about = Object.entries(facts).filter(([, text]) => text && text !== title);
  const head = [
    `### ${verdict ? `${SIGNS[verdict.tone]} ` : ''}${escaped(title)}${lead === undefined ? '' : ` ${escaped(lead)}`}`,
    ...(about.length > 0 ? [`${about.map(([label, text = '']) => escaped(`${label} ${text}`)).join('; ')}.`] : []),
  ];
  return `${[...head, ...shown.flatMap(sectionParts)].join('\n\n')}\n`;
}

function sectionParts({ title, aside = '', blocks }: Section): readonly string[] {
  const heading = title === '' ? [] : [`#### ${escaped(title)}${aside === '' ? '' : ` ${escaped(aside)}`}`];
  return [...heading, ...blocks.flatMap(blockParts)];
}

function blockParts(block: Block): readonly string[] {
  switch (block.kind) {
    case 'table':
      return [tableText(block)];
    case 'list': {
      const lines = block.items.flatMap(({ text, tone = 'muted', explains = SIGNS[tone], below = [] }) => [
        `- ${explains === MARKS.muted ? '' : `${escaped(explains)} `}${escaped(text)}`,
        ...below.map((each) => `  - ${escaped(each)}`),
      ]);
      return [lines.join('\n')];
    }
    case 'verdict':
      return [`**${escaped(block.text)}.**`, ...block.notes.map((note) => `> ${escaped(note)}`)];
    case 'paragraph':
      return [escaped(block.text)];
    default:
      return [];
  }
}

function tableText({ title, columns, rows, note, isMarked = false }: Table): string {
  const lines = rows.filter(({ heading }) => heading === undefined);
  const hasBelow = lines.some(({ below = [] }) => below.length > 0);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const heads = [
    ...(isMarked ? [''] : []),
    ...columns.map(({ head }) => escaped(head)),
    ...(hasBelow ? ['message'] : []),
  ];
  const cells = (row: Row) => [
    ...(isMarked ? [row.mark ?? SIGNS[row.tone ?? 'muted']] : []),
    ...columns.map((_, index) => cellText(row.cells[index])),
    ...(hasBelow ? [escaped(row.below?.map(({ text }) => text).join(' ') ?? '')] : []),
  ];
  return [
    ...(title === undefined ? [] : [`**${escaped(title)}**`, '']),
    line(heads),
    line(heads.map(() => '---')),
    ...lines.map((row) => line(cells(row))),
    ...(note === undefined ? [] : ['', escaped(note)]),
  ].join('\n');
}

function cellText(content: Cell | string | undefined): string {
  const { text, mark = '', note = '' } = typeof content === 'object' ? content : { text: content ?? '' };
  return escaped(text + mark + (note === '' ? '' : ` (${note})`));
}

/** Text escaped for one cell, free of Markdown and HTML. */
function escaped(text: string): string {
  return safeText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_[\]|~#]/g, '\\$&');
}
