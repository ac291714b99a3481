import type { Benchmark, FigureName, SettingReport } from '../../engine/results/group/benchmark.js';
import { groupName } from '../../engine/results/group/grouping.js';
import { columnName, levelsOf, type Ranking, rankingText } from '../../engine/results/group/ranking.js';
import { cardCount } from '../../engine/results/group/tradeoff.js';
import { levelText } from '../../engine/results/recorded-run.js';
import { barFigure } from '../document/svg/bars.js';
import { lineFigure } from '../document/svg/lines.js';
import { count, duration, NO_NUMBER, percent } from '../format.js';
import { page } from '../html/document.js';
import { html, type Markup } from '../html/markup.js';
import { noteList } from '../html/note-list.js';
import { simulatedNote } from '../html/simulated-note.js';
import { figure, table, text } from '../html/table.js';
import { latencyCharts, loadCharts, tradeChart } from './charts.js';
import {
  boundsText,
  figureText,
  headText,
  isOneUser,
  LATENCIES,
  LATENCY_KEYS,
  LOAD_FIGURES,
  mainRankings,
  notesOf,
  rankingLabel,
  reportAt,
  shownName,
} from './words.js';

type Family = Benchmark['families'][number];

/** Benchmark as one HTML page that needs no network. Rankings, charts and every table. */
export function benchmarkHtml(benchmark: Benchmark): string {
  const { families, trades, warnings, leftOut, groups } = benchmark;
  const isAllSimulated = groups.every(({ simulated }) => simulated);
  const bars = latencyCharts(benchmark).map(barFigure);
  const content = html`<header>
<div class="tool">tokenswarm benchmark</div>
<h1>${isAllSimulated ? 'Simulated deployments' : 'Deployments'} compared</h1>
<p>${headText(benchmark)}</p>
</header>
${simulatedNote(groups.map(({ simulated }) => simulated))}${chiefTable(benchmark)}
${
  bars.length > 0 &&
  html`<section>
<h2>Latency of one user</h2>
<div class="charts">${bars}</div>
</section>
`
}${latencyTable(benchmark)}${
  trades.length > 0 &&
  html`<section>
<h2>Throughput vs. speed</h2>
<div class="charts">${trades.map((trade) => lineFigure(tradeChart(benchmark, trade)))}</div>
</section>
`
}${families.map((family) => underLoad(benchmark, family))}${cardTable(benchmark)}
${noteList('Caveats', warnings, 'doubtful')}
${noteList(
  'Left out',
  leftOut.map(({ file, why }) => `${file}: ${why}`),
  'doubtful',
)}
${noteList('How to read this', notesOf(benchmark), 'muted')}
${rankingDetails(benchmark)}
<footer>Made by tokenswarm.</footer>`;
  return page('Benchmark – tokenswarm', [], content);
}

function chiefTable(benchmark: Benchmark): Markup {
  const all = benchmark.families.map((family) => ({ family, chief: mainRankings(family.rankings) }));
  const heads = [...new Set(all.flatMap(({ chief }) => chief.map(rankingLabel)))];
  const rows = all.flatMap(({ family, chief }) => {
    if (chief.length === 0) return [];
    const cells = heads.map((head) => {
      const ranking = chief.find((each) => rankingLabel(each) === head);
      return text(ranking ? chain(ranking) : NO_NUMBER);
    });
    return [[html`<span class="whole">${nameIn(benchmark, family) || 'all'}</span>`, ...cells] as const];
  });
  return table(html`Ranking<small>A &gt; B beyond what chance explains, A ≈ B a tie</small>`, ['', ...heads], rows);
}

/** Name of a family on this page. */
function nameIn(benchmark: Benchmark, { shared, simulated }: Pick<Family, 'shared' | 'simulated'>): string {
  return shownName(benchmark, groupName({ labels: shared, simulated: false }), simulated);
}

function rankingDetails(benchmark: Benchmark): Markup {
  const rows = benchmark.families.flatMap((family) =>
    family.rankings.map(
      (ranking) => [nameIn(benchmark, family) || 'all', text(rankingLabel(ranking)), text(chain(ranking))] as const,
    ),
  );
  if (rows.length === 0) return html``;
  return html`<details><summary>All ${count(rows.length)} rankings</summary>
${table('', [], rows)}</details>`;
}

function chain(ranking: Ranking): Markup {
  const beside = [
    ...ranking.apart.map(([better, worse]) => `but ${better} > ${worse}`),
    ...ranking.incomparable.map((each) => `other work: ${each}`),
  ];
  const names = rankingText(ranking).split(/(?<= [>≈?] )/);
  return html`<b>${names.map((name) => html`<span class="whole">${name.trimEnd()}</span> `)}</b>${beside.map((each) => html`<small>${each}</small>`)}`;
}

/** Table of one user's latencies. Means and 95th percentiles, and every percentile when asked for. */
function latencyTable(benchmark: Benchmark): Markup {
  const rows = benchmark.families.flatMap((family) => {
    const level = levelsOf(family).find(isOneUser);
    if (!level) return [];
    return family.groups.flatMap((group) => {
      const report = reportAt(benchmark, group, level);
      return report ? [{ family, group, report }] : [];
    });
  });
  if (rows.length === 0) return html``;
  const cell = (report: SettingReport, name: FigureName) =>
    figure(figureText(report, { name, kind: 'time' }), boundsText(report, { name, kind: 'time' }));
  const label = (family: Family, group: SettingReport['group']) =>
    html`<span class="whole">${columnName(family, group)}<small>${nameIn(benchmark, family)}</small></span>`;
  const brief = LATENCIES.filter(([metric]) => metric !== 'llm_itl').flatMap(([metric, name]) => [
    { head: `${name} mean`, name: `${metric}:avg` as const },
    { head: `${name} p95`, name: `${metric}:p(95)` as const },
  ]);
  const small = html`<small>below each figure: its bounds at 99 %</small>`;
  return html`${table(
    html`Latency of one user by card${small}`,
    ['', ...brief.map(({ head }) => head)],
    rows.map(({ family, group, report }) => [label(family, group), ...brief.map(({ name }) => cell(report, name))]),
  )}<details><summary>All percentiles of one user</summary>
${LATENCIES.map(([metric, name]) =>
  table(
    name,
    ['', ...LATENCY_KEYS.map(([, head]) => head)],
    rows.map(({ family, group, report }) => [
      label(family, group),
      ...LATENCY_KEYS.map(([key]) => cell(report, `${metric}:${key}`)),
    ]),
  ),
)}</details>
`;
}

function underLoad(benchmark: Benchmark, family: Family): Markup {
  const levels = levelsOf(family).filter((level) => !isOneUser(level));
  if (levels.length === 0) return html``;
  const charts = loadCharts(benchmark, family).map(lineFigure);
  const rows = LOAD_FIGURES.flatMap((form) =>
    levelsOf(family).flatMap((level) => {
      const reports = family.groups.map((group) => reportAt(benchmark, group, level));
      if (reports.every((report) => figureText(report, form) === NO_NUMBER)) return [];
      const cells = reports.map((report) => figure(figureText(report, form), boundsText(report, form)));
      return [{ form, row: [text(levelText(level)), ...cells] }];
    }),
  );
  const shown = rows.map(({ form, row }, index) => {
    // Only the first row of a figure shows its name, unless rows are read one by one.
    const again = form === rows[index - 1]?.form;
    return [again ? html`<span class="again">${form.label}</span>` : form.label, ...row] as const;
  });
  const columns = family.groups.map((group) => columnName(family, group));
  const name = nameIn(benchmark, family);
  return html`<section>
<h2>Under load${name !== '' && html`<small>${name}</small>`}</h2>
${charts.length > 0 && html`<div class="charts">${charts}</div>`}
</section>
<details><summary>Figures under load${name !== '' && html`<small>${name}</small>`}</summary>
${table('', ['', 'load', ...columns], shown)}</details>
`;
}

function cardTable(benchmark: Benchmark): Markup {
  const { settings, trades } = benchmark;
  const points = trades.flatMap((trade) => trade.points);
  const number = (value: number | undefined, digits = 4) =>
    figure(value === undefined ? NO_NUMBER : count(Number(value.toPrecision(digits))));
  const rows = settings.flatMap(({ group, setting, model }) => {
    const point = points.find((each) => each.group === group && each.level === setting.level);
    if (!model && !point) return [];
    return [
      [
        shownName(benchmark, groupName({ ...group, simulated: false }), group.simulated),
        text(levelText(setting.level)),
        figure(cardCount(setting)),
        number(model?.batch, 3),
        number(model?.context, 4),
        figure(model ? duration(model.stepMs, 'kept') : NO_NUMBER),
        figure(model ? percent(model.mbu) : NO_NUMBER),
        figure(model ? percent(model.mfu) : NO_NUMBER),
        number(point?.perUser),
        number(point?.perCard),
        text(point?.onFront ? html`<b>◆ best</b>` : ''),
      ] as const,
    ];
  });
  const head = [
    '',
    'load',
    'cards',
    'average batch',
    'context',
    'time per step',
    'MBU',
    'MFU',
    'tokens/s per user',
    'tokens/s per card',
    'trade-off',
  ];
  if (rows.length === 0) return html``;
  return html`<details><summary>Card utilization<small>memory bandwidth (MBU) and operations (MFU) of each setting</small></summary>
${table(html`<small>of the steady state; batch and context of decoding</small>`, head, rows)}</details>
`;
}
