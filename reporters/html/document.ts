import { readFileSync } from 'node:fs';
import { packageFile } from '../../engine/own-files.js';
import type { LineChart } from '../document/chart.js';
import { plotted } from '../document/plotted.js';
import { type Content, data, html, Markup } from './markup.js';

/** Content security policy: nothing is loaded from anywhere. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/** Self-contained page: style, script with chart library, charts as data. */
export function page(title: string, charts: readonly LineChart[], content: Content): string {
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
<script>${built('page.js')}</script>
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
