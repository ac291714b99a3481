import type { Figures, Level } from '../../engine/results/sweep/level.js';
import type { Sweep } from '../../engine/results/sweep/sweep.js';
import type { LevelSeries } from '../../engine/results/sweep/table.js';
import {
  chartSection,
  figure,
  itemSection,
  QUALITY,
  type Report,
  type Row,
  type Section,
  tableSection,
  text,
  verdict,
} from '../document/document.js';
import { compactCount, NO_NUMBER, percent, shortDuration } from '../format.js';
import { levelBars, sweepCharts } from './charts.js';
import { capacityTexts, notesOf } from './words.js';

/** Levels of a sweep or a search. With `isBrief` its tables and charts alone. */
export function sweepReport(sweep: Sweep, isBrief = false): Report {
  const { asked, target, labels, series, capacity, runs, axis } = sweep;
  const said = capacity ? capacityTexts(capacity, series) : [];
  const done = runs.filter(({ state }) => state === 'done').length;
  const where = target ? `${target.baseUrl}, model ${target.model}${target.simulated ? ' (simulated)' : ''}` : '';
  const facts = {
    scenario: asked.scenario,
    target: where,
    labels: Object.entries(labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(', '),
    runs: done === runs.length ? `${done}` : `${done} of ${runs.length} done`,
  };
  return {
    name: asked.command ?? 'sweep',
    title: asked.scenario ?? '',
    facts: isBrief ? {} : facts,
    version: sweep.tool.version,
    simulated: series.flatMap(({ levels }) => levels.flatMap((level) => level.runs.map(({ simulated }) => simulated))),
    sections: [
      {
        ...{ title: '', only: ['html', 'markdown'] },
        blocks: said.slice(0, 1).map((each) => verdict(each.tone ?? 'muted', each.text)),
      },
      { ...itemSection('Capacity', said.slice(1)), only: ['html', 'markdown'] },
      chartSection(`Against ${axis}`, undefined, sweepCharts(sweep)),
      ...series.map((each) => levelTable(sweep, each)),
      ...series.map((each): Section => {
        return { title: '', blocks: [{ kind: 'drawings', charts: levelBars(sweep, each), only: 'text' }] };
      }),
      { ...itemSection('Capacity', said), only: 'text' },
      itemSection('How to read this', isBrief ? [] : notesOf(sweep)),
      runTable(sweep),
      tableSection(
        'Command',
        [text(''), text('')],
        Object.entries(asked).map(([flag, value]) => [flag, value]),
        { only: 'html' },
      ),
    ],
  };
}

const shown = (value: number | undefined, write: (value: number) => string) =>
  value === undefined ? NO_NUMBER : write(value);
const failed = (share: number) => (share === 0 ? '0' : percent(share));

/** Columns of the table of levels, with their order of removal. */
const COLUMNS: readonly (readonly [head: string, of: (figures: Figures) => string, leaves?: number])[] = [
  ['tokens/s', (figures) => shown(figures.outputTokensPerSecond, compactCount)],
  ['TTFT p50', (figures) => shown(figures.ttftP50, shortDuration)],
  ['p99', (figures) => shown(figures.ttftP99, shortDuration), 4],
  ['TPOT p50', (figures) => shown(figures.tpotP50, shortDuration)],
  ['p99', (figures) => shown(figures.tpotP99, shortDuration), 1],
  ['E2E p50', (figures) => shown(figures.e2eP50, shortDuration), 5],
  ['p99', (figures) => shown(figures.e2eP99, shortDuration), 2],
  ['req/min', (figures) => shown(figures.requestsPerMinute, compactCount), 3],
  ['failed', (figures) => shown(figures.failed, failed)],
];

/** Levels of a series. In a terminal, least and most of several runs are rows. */
function levelTable(sweep: Sweep, { name, levels }: LevelSeries): Section {
  const { axis, capacity, series } = sweep;
  const all = series.flatMap((each) => each.levels);
  const isMixed = new Set(all.flatMap(({ runs }) => runs.map(({ simulated }) => simulated))).size > 1;
  const isJudged = capacity !== undefined || all.some(({ runs }) => runs.some(({ crossed }) => crossed.length > 0));
  const rows = levels.flatMap((level): Row[] => {
    const { least, most, median, runs } = level;
    const worst =
      (['invalid', 'suspect'] as const).find((each) => runs.some(({ verdict: of }) => of === each)) ?? 'valid';
    const kinds = new Set(runs.map(({ simulated }) => (simulated ? 'simulated' : 'measured')));
    const met = metText(level, sweep);
    const cells = COLUMNS.map(([, of]) => {
      const [low, high] = [of(least), of(most)];
      return { text: of(median), note: low === high ? '' : `${low} to ${high}` };
    });
    const numbers = { text: isMixed ? `${worst}, ${[...kinds].join(' and ')}` : worst, tone: QUALITY[worst] };
    const ends = runs.length < 2 ? [] : (['least', 'most'] as const);
    return [
      {
        cells: [
          level.values[axis],
          ...cells,
          numbers,
          ...(isJudged ? [met === 'missed' ? { text: met, tone: 'bad' as const } : met] : []),
        ],
      },
      ...ends.map((which): Row => {
        return { cells: [which, ...COLUMNS.map(([, of]) => of(level[which]))], tone: 'muted', only: 'text' };
      }),
    ];
  });
  const several = levels.some(({ runs }) => runs.length > 1) ? 'median of the runs of a level' : '';
  const columns = [
    { ...figure(axis), kind: 'figure' } as const,
    ...COLUMNS.map(([head, , leaves]) => ({ ...figure(head), leaves })),
    ...[text('numbers'), ...(isJudged ? [text(capacity ? 'SLO' : 'thresholds')] : [])],
  ];
  return tableSection('Levels', columns, rows, { aside: [name, several].filter(Boolean).join(', ') });
}

/** Runs of a level that met the objectives or thresholds. */
function metText({ runs }: Level, { capacity }: Sweep): string {
  const isMet = ({ name, crossed }: Level['runs'][number]) =>
    capacity ? capacity.tried.some(({ run, met }) => run === name && met) : crossed.length === 0;
  const met = runs.filter(isMet).length;
  if (runs.length === 1) return met === 1 ? 'met' : 'missed';
  return `${met} of ${runs.length} met`;
}

/** Table of runs, each linked to its record beside the page. */
function runTable({ runs, series }: Sweep): Section {
  const found = new Map(
    series.flatMap(({ levels }) => levels.flatMap((level) => level.runs)).map((run) => [run.name, run]),
  );
  const rows = runs.map(({ name, state, reason }) => {
    const run = found.get(name);
    return [
      ...[name, reason === undefined ? state : `${state}: ${reason}`],
      run?.startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC'),
      ...[
        run?.requests === undefined ? undefined : String(run.requests),
        run && (run.simulated ? 'simulated' : 'measured'),
      ],
      run && { text: `${name}.json`, link: encodeURIComponent(`${name}.json`) },
    ];
  });
  const columns = [...[text(''), text('state'), text('started'), figure('requests')], text('target'), text('record')];
  return tableSection('Runs', columns, rows, { only: 'html' });
}
