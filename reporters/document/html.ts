import { figures, page } from '../html/document.js';
import { type Content, html, type Markup } from '../html/markup.js';
import type { Chart, LineChart } from './chart.js';
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
} from './document.js';
import { barFigure } from './svg/bars.js';
import { lineFigure } from './svg/lines.js';

/** Report as one HTML page that needs no network. */
export function reportHtml(report: Report): string {
  const { name, title, lead, facts = {}, version = '', simulated, sections } = report;
  const shown = sectionsFor('html', sections);
  const notice = simulatedNotice(simulated);
  const content = html`<header>
<div class="tool">tokenswarm ${name}</div>
<h1>${title}</h1>
${lead !== undefined && html`<p>${lead}</p>`}${Object.entries(facts).map(
  ([label, text]) =>
    text &&
    text !== title &&
    html`<p>${label} ${text}</p>
`,
)}
</header>
${
  notice &&
  html`<div class="notice">${notice.text}<p>${notice.more}</p></div>
`
}${shown.map(sectionMarkup)}<footer>Made by tokenswarm ${version}.</footer>`;
  return page(`${title} – tokenswarm`, liveCharts(shown), content);
}

/** Charts that the page's script draws, in their order. */
function liveCharts(sections: readonly Section[]): readonly LineChart[] {
  return sections.flatMap(({ blocks }) => blocks.flatMap((block) => (block.kind === 'charts' ? block.charts : [])));
}

function sectionMarkup({ title, aside, blocks, isFolded = false }: Section): Markup {
  const isOpen = (block: Block) => !isFolded || block.kind === 'drawings';
  const [open, folded] = [blocks.filter(isOpen), blocks.filter((block) => !isOpen(block))];
  const said = html`${aside !== undefined && aside !== '' && html`<small>${aside}</small>`}`;
  return html`${
    open.length > 0 &&
    html`<section>
${title !== '' && html`<h2>${title}${said}</h2>`}
${open.map(blockMarkup)}</section>
`
  }${
    folded.length > 0 &&
    html`<details><summary>${open.length > 0 ? 'Figures' : title}${said}</summary>
${folded.map(blockMarkup)}</details>
`
  }`;
}

function blockMarkup(block: Block): Markup {
  switch (block.kind) {
    case 'table':
      return tableMarkup(block);
    case 'list':
      return html`<ul>
${block.items.map(itemMarkup)}</ul>
`;
    case 'verdict':
      return html`<div class="verdict ${block.tone}">${block.text}${block.notes.map((note) => html`<p>${note}</p>`)}</div>
`;
    case 'paragraph':
      return html`<p class="muted">${block.text}</p>
`;
    case 'charts':
      return html`${figures(block.charts)}
`;
    case 'drawings':
      return html`<div class="charts">${block.charts.map((chart: Chart) => ('groups' in chart ? barFigure(chart) : lineFigure(chart)))}</div>
`;
  }
}

function itemMarkup({ text, tone, below = [] }: Item): Markup {
  const title = tone === undefined || below.length > 0 ? html`<b>${text}</b>` : text;
  return html`<li${tone && html` class="${tone}"`}>${title}${below.length > 0 && html`<ul>${below.map((each) => html`<li>${each}</li>`)}</ul>`}</li>
`;
}

/** Columns beyond which a phone shows rows one by one. */
const NARROW_COLUMNS = 3;

/** Table with row headers. On a phone each cell of a wide one names its column. */
function tableMarkup({ title, columns, rows, note, isMarked = false }: Table): Markup {
  const isWide = columns.length > NARROW_COLUMNS;
  const isText = columns.map(({ kind }) => kind === 'text' && html` class="text"`);
  const cells = ({ cells: [, ...others] }: Row) =>
    others.map((cell, index) => {
      const { head = '' } = columns[index + 1] ?? {};
      const named = isWide && head !== '' && html` data-column="${head}"`;
      return html`<td${isText[index + 1]}${named}>${cellMarkup(cell)}</td>`;
    });
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
${rows.map(
  (
    row,
  ) => html`<tr><th>${isMarked && row.tone && html`<span class="${row.tone}">${MARKS[row.tone]}</span> `}${cellMarkup(row.cells[0])}</th>${cells(row)}</tr>
`,
)}</tbody>
</table></div>
${
  note !== undefined &&
  html`<p class="under">${note}</p>
`
}`;
}

function cellMarkup(cell: Cell | string | undefined): Content {
  const { text, note = '', tone, mark, link } = typeof cell === 'object' ? cell : { text: cell ?? '' };
  const linked = link === undefined ? unbroken(text) : html`<a href="${link}">${text}</a>`;
  const said = tone === undefined ? linked : html`<span class="${tone}">${text}</span>`;
  return html`${said}${mark !== undefined && html`<span class="doubtful">${mark}</span>`}${note !== '' && html`<small>${note}</small>`}`;
}

/** Text whose words stay together where a no-break space joins them. */
function unbroken(text: string): Content {
  if (!text.includes('\u00a0')) return text;
  return text.split(/( +)/).map((part) => {
    return part.includes('\u00a0') ? html`<span class="whole">${part.replaceAll('\u00a0', ' ')}</span>` : part;
  });
}
