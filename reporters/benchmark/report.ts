import type { Benchmark, SettingReport } from '../../engine/results/group/benchmark.js';
import { groupName } from '../../engine/results/group/grouping.js';
import { columnName, levelsOf, type Ranking, rankingText } from '../../engine/results/group/ranking.js';
import { cardCount } from '../../engine/results/group/tradeoff.js';
import { levelText } from '../../engine/results/recorded-run.js';
import {
  type Block,
  type Cell,
  drawnSection,
  figure,
  listSection,
  type Report,
  type Section,
  type Table,
  tableSection,
  text,
  whole,
} from '../document/document.js';
import { count, duration, NO_NUMBER, percent } from '../format.js';
import { latencyCharts, loadCharts, tradeChart } from './charts.js';
import * as words from './words.js';

type Family = Benchmark['families'][number];

/** Groups compared: rankings, latencies by card, figures under load, use of cards. */
export function benchmarkReport(benchmark: Benchmark): Report {
  const { families, trades, warnings, leftOut, groups } = benchmark;
  return {
    name: 'benchmark',
    title: words.headText(benchmark),
    simulated: groups.map(({ simulated }) => simulated),
    sections: [
      overview(benchmark),
      drawnSection('Latency of one user', latencyCharts(benchmark)),
      briefLatencies(benchmark),
      drawnSection(
        'Throughput vs. speed',
        trades.map((trade) => tradeChart(benchmark, trade)),
      ),
      ...families.flatMap((family) => [
        latencies(benchmark, family),
        underLoad(benchmark, family),
        ranking(benchmark, family),
      ]),
      cardUse(benchmark),
      listSection('Caveats', 'doubtful', warnings),
      listSection(
        'Left out',
        'doubtful',
        leftOut.map(({ file, why }) => `${file}: ${why}`),
      ),
      listSection('How to read this', 'muted', words.notesOf(benchmark)),
      allRankings(benchmark),
    ],
  };
}

/** Name of a family where its groups are compared. */
function nameIn(benchmark: Benchmark, { shared, simulated }: Family): string {
  return words.shownName(benchmark, groupName({ labels: shared, simulated: false }), simulated);
}

/** Chain of a ranking, and what it cannot show. */
function chain(ranking: Ranking): Cell {
  const beside = [
    ...ranking.apart.map(([better, worse]) => `but ${better} > ${worse}`),
    ...ranking.incomparable.map((each) => `other work: ${each}`),
  ];
  const names = rankingText(ranking).split(/(?<= [>≈?]) /);
  return { text: names.map(whole).join(' '), note: beside.join('; ') };
}

function overview(benchmark: Benchmark): Section {
  const all = benchmark.families.map((family) => ({ family, main: words.mainRankings(family.rankings) }));
  const heads = [...new Set(all.flatMap(({ main }) => main.map(words.rankingLabel)))];
  const rows = all.flatMap(({ family, main }) => {
    const cells = heads.map((head) => {
      const ranking = main.find((each) => words.rankingLabel(each) === head);
      return ranking ? chain(ranking) : NO_NUMBER;
    });
    return main.length === 0 ? [] : [[whole(nameIn(benchmark, family) || 'all'), ...cells]];
  });
  const aside = 'A > B beyond what chance explains, A ≈ B a tie';
  return tableSection('Ranking', [text(''), ...heads.map((head) => text(head))], rows, { only: 'html', aside });
}

/** Rankings of a family for a terminal, below its figures. */
function ranking(benchmark: Benchmark, family: Family): Section {
  const rows = words.mainRankings(family.rankings).flatMap((each) => {
    const { text: said, note } = chain(each);
    return [[words.rankingLabel(each), said], ...(note ? [['', note]] : [])];
  });
  return tableSection('Ranking', [text(''), text('')], rows, { only: 'text', aside: nameIn(benchmark, family) });
}

function allRankings(benchmark: Benchmark): Section {
  const rows = benchmark.families.flatMap((family) =>
    family.rankings.map((each) => [nameIn(benchmark, family) || 'all', words.rankingLabel(each), chain(each)]),
  );
  const more = { only: 'html', isFolded: true } as const;
  return tableSection(`All ${count(rows.length)} rankings`, [text(''), text(''), text('')], rows, more);
}

const cellOf = (report: SettingReport | undefined, form: Pick<words.FigureForm, 'name' | 'kind'>): Cell => {
  const mark = report && words.figureMark(report, form.name);
  return { text: words.figureText(report, form), mark, note: words.boundsText(report, form) };
};

/** Groups of a family that have a latency of one user. */
function oneUser(benchmark: Benchmark, family: Family): readonly { name: string; report: SettingReport }[] {
  const level = levelsOf(family).find(words.isOneUser);
  return family.groups.flatMap((group) => {
    const report = level && words.reportAt(benchmark, group, level);
    return report ? [{ name: columnName(family, group), report }] : [];
  });
}

function briefLatencies(benchmark: Benchmark): Section {
  const columns = words.LATENCIES.filter(([metric]) => metric !== 'llm_itl').flatMap(([metric, name]) => [
    { head: `${name} mean`, name: `${metric}:avg` as const },
    { head: `${name} p95`, name: `${metric}:p(95)` as const },
  ]);
  const rows = benchmark.families.flatMap((family) =>
    oneUser(benchmark, family).map(({ name, report }) => [
      { text: whole(name), note: nameIn(benchmark, family) },
      ...columns.map((column) => cellOf(report, { name: column.name, kind: 'time' })),
    ]),
  );
  const more = { only: 'html', aside: 'below each figure: its bounds at 99 %' } as const;
  return tableSection(
    'Latency of one user by card',
    [text(''), ...columns.map(({ head }) => figure(head))],
    rows,
    more,
  );
}

function latencies(benchmark: Benchmark, family: Family): Section {
  const blocks = words.LATENCIES.map(([metric, label, meaning]): Table => {
    const formOf = (key: (typeof words.LATENCY_KEYS)[number][0]) =>
      ({ name: `${metric}:${key}`, kind: 'time' }) as const;
    const reports = oneUser(benchmark, family).filter(({ report }) => report.figures[`${metric}:avg`]);
    const rows = reports.map(({ name, report }) => ({
      cells: [
        whole(name),
        ...words.LATENCY_KEYS.map(([key]) => cellOf(report, formOf(key))),
        words.boundsText(report, formOf('avg')),
      ],
    }));
    const columns = [
      text(label),
      ...words.LATENCY_KEYS.map(([, head]) => figure(head)),
      figure('mean at 99 %', 'text'),
    ];
    return { kind: 'table', columns, rows, note: `${label}: ${meaning}` };
  });
  return { title: 'Latency of one user', aside: nameIn(benchmark, family), blocks, isFolded: true };
}

function underLoad(benchmark: Benchmark, family: Family): Section {
  const levels = levelsOf(family);
  // One user's latencies have a section of their own.
  const isIdle = levels.every(words.isOneUser);
  const head = levels.every(({ kind }) => kind === 'users') ? 'users' : 'load';
  const columns = [
    { head, kind: 'figure' } as const,
    ...family.groups.map((group) => figure(columnName(family, group))),
  ];
  const forms = words.LOAD_FIGURES.filter(({ kind }) => !isIdle || kind !== 'time');
  const tables = forms.flatMap((form): Block[] => {
    const cells = levels.map((level) =>
      family.groups.map((group) => cellOf(words.reportAt(benchmark, group, level), form)),
    );
    const isAll = (shown: string) => cells.every((row) => row.every((cell) => cell.text === shown));
    if (isAll(NO_NUMBER)) return [];
    // A run without failures is mentioned once, not per row.
    if (form.name === 'llm_failed:rate' && isAll('0.00%')) return [{ kind: 'paragraph', text: 'no request failed' }];
    const nameOf = levels.map((level) => (level.kind === 'users' ? words.levelNumber(level) : levelText(level)));
    const rows = cells.map((row, index) => ({ cells: [nameOf[index], ...row] }));
    return [{ kind: 'table', title: form.label, columns, rows }];
  });
  const blocks: Block[] = [{ kind: 'drawings', charts: loadCharts(benchmark, family) }, ...tables];
  return { title: 'Under load', aside: nameIn(benchmark, family), blocks, isFolded: true };
}

function cardUse(benchmark: Benchmark): Section {
  const { settings, trades } = benchmark;
  const points = trades.flatMap((trade) => trade.points);
  const rounded = (value: number | undefined, digits = 4) =>
    value === undefined ? NO_NUMBER : count(Number(value.toPrecision(digits)));
  const rows = settings.flatMap(({ group, setting, model }) => {
    const point = points.find((each) => each.group === group && each.level === setting.level);
    if (!model && !point) return [];
    const name = words.shownName(benchmark, groupName({ ...group, simulated: false }), group.simulated);
    return [
      [
        ...[
          name,
          levelText(setting.level),
          String(cardCount(setting)),
          rounded(model?.batch, 3),
          rounded(model?.context),
        ],
        model ? duration(model.stepMs, 'kept') : NO_NUMBER,
        ...[model?.mbu, model?.mfu].map((share) => (share === undefined ? NO_NUMBER : percent(share))),
        ...[rounded(point?.perUser), rounded(point?.perCard), point?.onFront ? '◆' : ''],
      ],
    ];
  });
  const columns = [
    ...[text(''), figure('load'), figure('cards'), figure('avg batch'), figure('context', 'html'), figure('time/step')],
    ...[figure('MBU'), figure('MFU'), figure('per user'), figure('per card'), figure('')],
  ];
  const note = 'per user, per card: output tokens/s; ◆ best trade-off: no other setting beats it in both';
  return {
    ...{ title: 'Card utilization', isFolded: true },
    blocks: [{ kind: 'table', columns, rows: rows.map((cells) => ({ cells })), note }],
  };
}
