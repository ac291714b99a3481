import type { Chart } from './chart.js';
import type { Block, Column, Medium, Section, Table } from './document.js';

/** True if a medium shows the part. */
function isFor(medium: Medium, { only }: Pick<Column, 'only'>): boolean {
  return only === undefined || only === medium || (typeof only !== 'string' && only.includes(medium));
}

/** Sections and blocks that a medium shows. Empty ones are left out. */
export function sectionsFor(medium: Medium, sections: readonly Section[]): readonly Section[] {
  const shown = sections.flatMap((section) => {
    const blocks = isFor(medium, section) ? section.blocks.flatMap((block) => blockFor(medium, block) ?? []) : [];
    return blocks.length === 0 ? [] : [{ ...section, blocks }];
  });
  const marks = marksIn(shown);
  return shown.map((section) => ({ ...section, blocks: section.blocks.map((block) => explained(block, marks)) }));
}

/** Marks of all cells. */
function marksIn(sections: readonly Section[]): ReadonlySet<string> {
  const tables = sections.flatMap(({ blocks }) => blocks.filter((block) => block.kind === 'table'));
  const cells = tables.flatMap(({ rows }) => rows.flatMap((row) => row.cells));
  return new Set(cells.flatMap((cell) => (typeof cell === 'object' ? (cell.mark ?? []) : [])));
}

function explained(block: Block, marks: ReadonlySet<string>): Block {
  if (block.kind !== 'list') return block;
  const items = block.items.filter(({ explains }) => explains === undefined || marks.has(explains));
  return items.length === 0 && block.empty ? { kind: 'paragraph', text: block.empty } : { ...block, items };
}

function blockFor(medium: Medium, block: Block): Block | undefined {
  if (!isFor(medium, block)) return undefined;
  if (block.kind === 'list') {
    const items = block.items.filter((item) => isFor(medium, item));
    return items.length === 0 ? undefined : { ...block, items };
  }
  // Lines need a page; bars are drawn in a terminal too.
  const isDrawn = (chart: Chart) =>
    medium === 'html' || (medium === 'text' && block.only === 'text' && 'groups' in chart);
  if (block.kind === 'lanes') return medium === 'html' ? block : undefined;
  if (block.kind === 'charts' || block.kind === 'drawings') return block.charts.some(isDrawn) ? block : undefined;
  return block.kind === 'table' ? tableFor(medium, block) : block;
}

function tableFor(medium: Medium, table: Table): Block | undefined {
  const shown = table.columns.map((column) => isFor(medium, column));
  const rows = table.rows
    .filter((row) => isFor(medium, row))
    .map((row) => ({
      ...row,
      cells: shown.flatMap((is, index) => (is ? [row.cells[index]] : [])),
      below: row.below?.filter((line) => isFor(medium, line)) ?? [],
    }));
  if (rows.some(({ heading }) => heading === undefined)) {
    return { ...table, rows, columns: table.columns.filter((_, index) => shown[index]) };
  }
  return table.empty ? { kind: 'paragraph', text: table.empty } : undefined;
}
