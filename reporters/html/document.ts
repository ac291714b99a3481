import { readFileSync } from 'node:fs';
import { packageFile } from '../../engine/own-files.js';
import type { LineChart } from '../document/chart.js';
import type { LaneChart } from '../document/lanes.js';
import { plotted } from '../document/plotted.js';
import { type Content, data, html, Markup } from './markup.js';

/** Content security policy: nothing is loaded from anywhere. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/** Charts that a script draws, in the order of their places. */
interface Drawn {
  readonly charts: readonly LineChart[];
  readonly lanes: readonly LaneChart[];
}

/** Self-contained page: style, script with chart library, charts as data. */
export function page(title: string, { charts, lanes }: Drawn, content: Content): string {
  return `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${built('page.css')}</style>
</head>
<body>
<main>
${content}
</main>
<script type="application/json" id="charts">${data(charts.map(plotted))}</script>
${
  lanes.length > 0 &&
  html`<script type="application/json" id="lanes">${data(lanes)}</script>
`
}<script>${built('page.js')}</script>
</body>
</html>`.text
  }\n`;
}

/** Built asset of page/ and the chart library. */
function built(name: string): Markup {
  return Markup.trusted(readFileSync(packageFile(`dist/page/${name}`), 'utf8').trimEnd());
}

/** Placeholders of the page's charts, in order. */
export function figures(charts: readonly LineChart[]): Markup {
  return html`<div class="charts">${charts.map(
    ({ title, note }) => html`
<figure>
<h3>${title}</h3>
${note !== undefined && html`<p>${note}</p>`}<div class="plot" role="img" aria-label="${title}"><noscript>Charts need JavaScript; the tables have their figures.</noscript></div>
</figure>`,
  )}
</div>`;
}

/** Place of swim lanes, with a legend and controls. */
export function laneFigure({ title, note, kinds, rows }: LaneChart): Markup {
  const hasBad = rows.some(({ bars }) => bars.some(({ mark }) => mark === 'bad'));
  return html`<figure class="lanes">
<p>${note} Drag to zoom, double-click to see all; keys: arrows, + and −.</p>
<div class="legend">${kinds.map(({ label, color }) => html`<span><i class="swatch line-${color}"></i>${label}</span>`)}<span><i class="swatch"></i>waiting</span>${hasBad && html`<span><i class="swatch failed"></i>failed</span>`}
<span class="buttons"><button type="button" data-zoom="in" aria-label="zoom in">+</button><button type="button" data-zoom="out" aria-label="zoom out">−</button><button type="button" data-zoom="all">all</button></span></div>
<div class="swim"><canvas class="time"></canvas><div class="rows" tabindex="0" role="img" aria-label="${title}"><canvas></canvas><div class="height"></div></div></div>
<output>&nbsp;</output>
<noscript>Swim lanes need JavaScript; the tables have their figures.</noscript>
</figure>`;
}
