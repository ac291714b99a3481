import type { Level } from '../../engine/results/sweep/level.js';
import type { Sweep } from '../../engine/results/sweep/sweep.js';
import type { LevelSeries } from '../../engine/results/sweep/table.js';
import { figures, page } from '../html/document.js';
import { html, type Markup } from '../html/markup.js';
import { simulatedNote } from '../html/simulated-note.js';
import { figure, table, text } from '../html/table.js';
import { sweepCharts } from './charts.js';
import { COLUMNS, hasConditions, isMixed, metText, numbersText } from './columns.js';
import { capacityTexts, notesOf, type Statement } from './words.js';

/** Sweep as one HTML page that needs no network. Results, charts, levels and runs. */
export function sweepHtml(sweep: Sweep): string {
  const { asked, target, labels, series, capacity, runs } = sweep;
  const charts = sweepCharts(sweep);
  const verdicts = capacity ? capacityTexts(capacity, series) : [];
  const [verdict, ...more] = verdicts;
  const done = runs.filter(({ state }) => state === 'done').length;
  const chips = Object.entries(labels);
  const content = html`<header>
<div class="tool">tokenswarm ${asked.command ?? 'sweep'}</div>
<h1>${asked.scenario}</h1>
${
  target &&
  html`<p>${target.baseUrl}, model ${target.model}${target.simulated && ' (simulated)'}</p>
`
}<p>${done === runs.length ? `${done} runs` : `${done} of ${runs.length} runs done`}</p>
${chips.length > 0 && html`<div class="chips">${chips.map(([name, value]) => html`<span>${name}: ${value}</span>`)}</div>`}
</header>
${simulatedNote(series.flatMap(({ levels }) => levels.flatMap((level) => level.runs.map(({ simulated }) => simulated))))}${verdict && html`<div class="verdict ${verdict.tone}">${verdict.text}</div>`}
${list('Capacity', more)}
${
  charts.length > 0 &&
  html`<section>
<h2>Against ${sweep.axis}</h2>
${figures(charts)}
</section>
`
}${series.map((each) => levelTable(sweep, each))}
${list('How to read this', notesOf(sweep))}
${runTable(sweep)}
${table(
  'Command',
  ['', ''],
  Object.entries(asked).map(([flag, value]) => [flag, text(value)] as const),
)}
<footer>Made by tokenswarm ${sweep.tool.version}.</footer>`;
  return page(`${asked.scenario} – tokenswarm`, charts, content);
}

function levelTable(sweep: Sweep, { name, levels }: LevelSeries): Markup {
  const mixed = isMixed(sweep);
  const conditions = hasConditions(sweep);
  const last = ['numbers', ...(conditions ? [sweep.capacity ? 'SLO' : 'thresholds'] : [])];
  const spread = (level: Level, of: (typeof COLUMNS)[number]['of']) =>
    of(level.least) === of(level.most) ? '' : `${of(level.least)} to ${of(level.most)}`;
  return table(
    html`Levels${name !== '' && html`<small>${name}</small>`}`,
    [sweep.axis, ...COLUMNS.map(({ head }) => head), ...last],
    levels.map((level) => {
      const verdict = numbersText(level, mixed);
      const tone = verdict.startsWith('valid') ? 'good' : verdict.startsWith('suspect') ? 'doubtful' : 'bad';
      return [
        level.values[sweep.axis],
        ...COLUMNS.map(({ of }) => figure(of(level.median), spread(level, of))),
        text(html`<span class="${tone}">${verdict}</span>`),
        ...(conditions ? [text(metText(level, sweep))] : []),
      ] as const;
    }),
  );
}

/** Table of runs, each linked to its record beside the page. */
function runTable({ runs, series }: Sweep): Markup {
  const found = new Map(
    series.flatMap(({ levels }) => levels.flatMap((level) => level.runs)).map((run) => [run.name, run]),
  );
  return table(
    'Runs',
    ['', 'state', 'started', 'requests', 'target', 'record'],
    runs.map(({ name, state, reason }) => {
      const run = found.get(name);
      const file = `${name}.json`;
      return [
        name,
        text(reason === undefined ? state : `${state}: ${reason}`),
        text(run?.startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')),
        figure(run?.requests),
        text(run && (run.simulated ? 'simulated' : 'measured')),
        text(run && html`<a href="${encodeURIComponent(file)}">${file}</a>`),
      ] as const;
    }),
  );
}

function list(title: string, all: readonly Statement[]): Markup {
  if (all.length === 0) return html``;
  const level = { good: 'good', doubtful: 'doubtful', bad: 'bad', plain: 'muted' };
  return html`<section>
<h2>${title}</h2>
<ul>
${all.map(
  ({ tone, text: said }) => html`<li class="${level[tone]}">${said}</li>
`,
)}</ul>
</section>`;
}
