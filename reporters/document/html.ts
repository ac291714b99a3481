import { figures, laneFigure, page } from '../html/document.js';
import { html, type Markup } from '../html/markup.js';
import type { Chart, LineChart } from './chart.js';
import { type Block, type Item, type Report, type Section, simulatedNotice } from './document.js';
import { tableMarkup } from './html-table.js';
import type { LaneChart } from './lanes.js';
import { sectionsFor } from './shown.js';
import { barFigure } from './svg/bars.js';
import { lineFigure } from './svg/lines.js';

/** Report as one HTML page that needs no network. */
export function reportHtml(report: Report): string {
  const { name, title, lead, facts = {}, chips = {}, version = '', footer = '', simulated, sections } = report;
  const labels = Object.entries(chips);
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
)}${labels.length > 0 && html`<div class="chips">${labels.map(([label, text]) => html`<span>${label}: ${text}</span>`)}</div>`}
</header>
${
  notice &&
  html`<div class="notice">${notice.text}<p>${notice.more}</p></div>
`
}${shown.map(sectionMarkup)}<footer>${['Made by tokenswarm', version].join(' ').trim()}.${footer && ` ${footer}`}</footer>`;
  return page(`${title} – tokenswarm`, { charts: liveCharts(shown), lanes: laneCharts(shown) }, content);
}

/** Charts that the page's script draws, in their order. */
function liveCharts(sections: readonly Section[]): readonly LineChart[] {
  return sections.flatMap(({ blocks }) => blocks.flatMap((block) => (block.kind === 'charts' ? block.charts : [])));
}

function laneCharts(sections: readonly Section[]): readonly LaneChart[] {
  return sections.flatMap(({ blocks }) => blocks.flatMap((block) => (block.kind === 'lanes' ? [block.chart] : [])));
}

/** Sections as markup, for a page that shows parts of a report. */
export function sectionsHtml(sections: readonly Section[]): string {
  return html`${sectionsFor('html', sections).map(sectionMarkup)}`.text;
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
    case 'cards':
      return html`<div class="cards">
${block.cards.map(
  ({ label, value, note }) => html`<div class="card"><span>${label}</span><b>${value}</b><span>${note}</span></div>
`,
)}</div>
`;
    case 'paragraph':
      return html`<p class="muted">${block.text}</p>
`;
    case 'charts':
      return html`${figures(block.charts)}
`;
    case 'lanes':
      return html`${laneFigure(block.chart)}
`;
    case 'drawings':
      return html`<div class="charts">${block.charts.map((chart: Chart) => ('groups' in chart ? barFigure(chart) : lineFigure(chart)))}</div>
`;
  }
}

function itemMarkup({ text, explains, tone = explains === undefined ? undefined : 'muted', below = [] }: Item): Markup {
  const said = explains ? `${explains} ${text}` : text;
  const title = tone === undefined || below.length > 0 ? html`<b>${said}</b>` : said;
  return html`<li${tone && html` class="${tone}"`}>${title}${below.length > 0 && html`<ul>${below.map((each) => html`<li>${each}</li>`)}</ul>`}</li>
`;
}
