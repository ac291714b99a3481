import type { Summary } from '../../engine/metrics/snapshot.js';
import { caveatsOf } from '../console/caveats.js';
import { ranText, targetText, windowText } from '../console/head.js';
import { metricValue } from '../console/metric-value.js';
import { isUnbounded } from '../console/sample-size.js';
import { levelOf, verdictText } from '../console/verdict.js';
import { count, percent } from '../format.js';
import { figureLabel } from '../metric-rows.js';
import { distributionCharts } from '../run/distributions.js';
import { timeCharts } from '../run/time-charts.js';
import { figures, page } from './document.js';
import { html, type Markup } from './markup.js';
import { boundsText, groupTable, latencyTable, metricTable, requestTable } from './metric-tables.js';
import {
  checkTable,
  errorTable,
  failureTable,
  planTable,
  serverTable,
  thresholdTable,
  throughputTable,
} from './run-tables.js';
import { simulatedNote } from './simulated-note.js';

/** Record of a run as one HTML page that needs no network. Verdict, charts and every table. */
export function htmlReport(summary: Summary): string {
  const { run } = summary;
  const overTime = timeCharts(summary);
  const distributions = distributionCharts(summary);
  const ofHeadline = html`<small>${windowText(summary)}</small>`;
  const content = html`<header>
<div class="tool">tokenswarm load test</div>
<h1>${run.scenario}</h1>
${
  summary.target &&
  html`<p>${targetText(summary.target)}</p>
`
}<p>${ranText(summary)}; figures ${windowText(summary)}</p>
${chips({ ...run.labels, ...run.tags })}
</header>
${simulatedNote([summary.target?.simulated === true])}<div class="verdict ${levelOf(summary)}">${verdictText(summary)}${run.missing.map((part) => html`<p>Missing: ${part}</p>`)}</div>
${cards(summary)}
${doubts(summary)}
${thresholdTable(summary)}
${
  overTime.length > 0 &&
  html`<section>
<h2>Over time${summary.windows.steady && html`<small>shaded: the steady state</small>`}</h2>
${figures(overTime)}
</section>
`
}${latencyTable(summary)}
${
  distributions.length > 0 &&
  html`<section>
<h2>Distributions ${ofHeadline}</h2>
${figures(distributions)}
</section>
`
}${[throughputTable, serverTable, requestTable, failureTable, errorTable, checkTable, groupTable, planTable, metricTable].map((part) => part(summary))}
<footer>Made by tokenswarm ${summary.tool.version}. Percentiles are off by at most ${percent(summary.histograms.relativeError)}.</footer>`;
  return page(`${run.scenario} – tokenswarm`, [...overTime, ...distributions], content);
}

const CARDS: readonly (readonly [metric: string, key: string])[] = [
  ['llm_output_tokens_per_second', 'value'],
  ['llm_ttft', 'p(95)'],
  ['llm_tpot', 'p(95)'],
  ['llm_e2e', 'p(95)'],
  ['llm_requests_per_second', 'value'],
  ['llm_failed', 'rate'],
  ['http_req_duration', 'p(95)'],
  ['http_reqs', 'rate'],
  ['http_req_failed', 'rate'],
];

/** Cards of the headline figures. */
function cards({ metrics }: Summary): Markup {
  const shown = CARDS.flatMap(([name, key]) => {
    const metric = metrics[name];
    const value = metric?.values[key];
    if (!metric || value === undefined) return [];
    // Its label has the unit of a counter's rate.
    const figure = metric.type === 'counter' ? count(value) : metricValue(metric, key, value);
    return [
      html`<div class="card"><span>${figureLabel(name, key)}</span><b>${figure}</b><span>${isUnbounded(metric, key) ? 'too few samples for bounds' : boundsText(metric, key)}</span></div>
`,
    ];
  });
  const bounded = CARDS.some(([name, key]) => metrics[name] && boundsText(metrics[name], key) !== undefined);
  return shown.length === 0
    ? html``
    : html`<div class="cards">
${shown}</div>
${bounded && html`<p class="under">Small print: bounds at 99 % confidence.</p>`}`;
}

function doubts(summary: Summary): Markup {
  const all = caveatsOf(summary);
  return html`<section>
<h2>Caveats</h2>
${
  all.length === 0
    ? html`<p>None found.</p>`
    : html`<ul>
${all.map(
  ({ level, text }) => html`<li class="${level}">${text}</li>
`,
)}</ul>`
}
</section>`;
}

function chips(tags: Summary['run']['tags']): Markup {
  const all = Object.entries(tags);
  return all.length === 0
    ? html``
    : html`<div class="chips">${all.map(([name, value]) => html`<span>${name}: ${value}</span>`)}</div>`;
}
