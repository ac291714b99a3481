import { type Content, html, type Markup } from '../html/markup.js';
import { type Cell, MARKS, type Row, type Table } from './document.js';

/** Columns beyond which a phone shows rows one by one. */
const NARROW_COLUMNS = 3;

/** Table with row headers. On a phone each cell of a wide one names its column. */
export function tableMarkup({ title, columns, rows, note, isMarked = false }: Table): Markup {
  const isWide = columns.length > NARROW_COLUMNS;
  const isText = columns.map(({ kind }) => kind === 'text' && html` class="text"`);
  const cells = ({ cells: [, ...others] }: Row) =>
    others.map((cell, index) => {
      const { head = '' } = columns[index + 1] ?? {};
      const named = isWide && head !== '' && html` data-column="${head}"`;
      return html`<td${isText[index + 1]}${named}>${cellMarkup(cell)}</td>`;
    });
  const row = (each: Row) =>
    each.heading === undefined
      ? html`<tr><th>${isMarked && markOf(each)}${cellMarkup(each.cells[0])}</th>${cells(each)}</tr>
`
      : html`<tr class="heading"><th colspan="${columns.length}">${each.heading}${each.aside && html`<small>${each.aside}</small>`}</th></tr>
`;
  const below = ({ below: lines = [] }: Row) =>
    lines.map(
      ({ text }) => html`<tr><td class="below" colspan="${columns.length}"><pre>${text}</pre></td></tr>
`,
    );
  return html`${
    title !== undefined &&
    html`<h3>${title}</h3>
`
  }<div class="scroll${isWide ? ' wide' : ''}"><table>
${
  columns.some(({ head }) => head !== '') &&
  html`<thead><tr>${columns.map(({ head }, index) => html`<th${index > 0 && isText[index]}>${head}</th>`)}</tr></thead>
`
}<tbody>
${rows.map((each) => [row(each), below(each)])}</tbody>
</table></div>
${
  note !== undefined &&
  html`<p class="under">${note}</p>
`
}`;
}

function markOf({ tone = 'muted', mark = MARKS[tone] }: Row): Markup {
  return html`<span class="${tone}">${mark}</span> `;
}

function cellMarkup(cell: Cell | string | undefined): Content {
  const { text, note = '', tone, mark, link } = typeof cell === 'object' ? cell : { text: cell ?? '' };
  const linked = link === undefined ? unbroken(text) : html`<a href="${link}">${text}</a>`;
  const said = tone === undefined ? linked : html`<span class="${tone}">${text}</span>`;
  return html`${said}${mark !== undefined && html`<span class="doubtful">${mark}</span>`}${note !== '' && html`<small>${note}</small>`}`;
}

/** Length from which a name may be broken after its parts. */
const LONG_NAME = 12;

function breakable(text: string): Content {
  const parts = text.split(/(?<=[a-z]_)(?=[a-z])/);
  return parts.map((part, index) => [index > 0 && html`<wbr>`, part]);
}

/** Text whose words stay together at no-break spaces. */
function unbroken(text: string): Content {
  if (!text.includes('\u00a0')) return text.length < LONG_NAME ? text : breakable(text);
  return text.split(/( +)/).map((part) => {
    return part.includes('\u00a0') ? html`<span class="whole">${part.replaceAll('\u00a0', ' ')}</span>` : part;
  });
}
