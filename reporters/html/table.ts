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

/** Table under its heading, with row headers; nothing without rows. */
export function table(
  title: Content,
  head: readonly string[],
  rows: readonly (readonly [label: Content, ...cells: Cell[]])[],
): Markup {
  if (rows.length === 0) return html``;
  const kinds = rows[0]?.slice(1).map((cell) => (cell as Cell).kind) ?? [];
  return html`<section>
<h2>${title}</h2>
<div class="scroll"><table>
${
  head.length > 0 &&
  html`<thead><tr>${head.map((name, index) => (kinds[index - 1] === 'text' ? html`<th class="text">${name}</th>` : html`<th>${name}</th>`))}</tr></thead>
`
}<tbody>
${rows.map(
  ([
    label,
    ...cells
  ]) => html`<tr><th>${label}</th>${cells.map(({ content, kind }) => (kind === 'text' ? html`<td class="text">${content}</td>` : html`<td>${content}</td>`))}</tr>
`,
)}</tbody>
</table></div>
</section>
`;
}
