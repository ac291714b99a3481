import { type Content, html, type Markup } from './markup.js';

/** Cell of a table: text is left-aligned, figures right-aligned. */
export interface Cell {
  readonly content: Content;
  readonly kind: 'text' | 'figure';
}

/** Cell of text. */
export function text(content: Content): Cell {
  return { content, kind: 'text' };
}

/** Cell with a figure, and a note below it in small print. */
export function figure(content: Content, below?: Content): Cell {
  return {
    content: html`${content}${below !== undefined && below !== '' && html`<small>${below}</small>`}`,
    kind: 'figure',
  };
}

/** Columns beyond which a phone shows rows one by one. */
const NARROW_COLUMNS = 3;

/** Table under its heading, with row headers; nothing without rows. On a phone each cell of a wide one names its column. */
export function table(
  title: Content,
  head: readonly string[],
  rows: readonly (readonly [label: Content, ...cells: Cell[]])[],
): Markup {
  const [first] = rows;
  if (!first) return html``;
  const kinds = first.slice(1).map((cell) => (cell as Cell).kind);
  const isWide = first.length > NARROW_COLUMNS;
  return html`<section>
${title !== '' && html`<h2>${title}</h2>`}
<div class="scroll${isWide ? ' wide' : ''}"><table>
${
  head.length > 0 &&
  html`<thead><tr>${head.map((name, index) => (kinds[index - 1] === 'text' ? html`<th class="text">${name}</th>` : html`<th>${name}</th>`))}</tr></thead>
`
}<tbody>
${rows.map(
  ([
    label,
    ...cells
  ]) => html`<tr><th>${label}</th>${cells.map((cell, index) => cellMarkup(cell, isWide ? head[index + 1] : ''))}</tr>
`,
)}</tbody>
</table></div>
</section>
`;
}

function cellMarkup({ content, kind }: Cell, column = ''): Markup {
  const named = column !== '' && html` data-column="${column}"`;
  return kind === 'text' ? html`<td class="text"${named}>${content}</td>` : html`<td${named}>${content}</td>`;
}
