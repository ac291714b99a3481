import type { Level } from '../../engine/results/sweep/level.js';
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
import { levelBars, sweepCharts } from './charts.js';
import {
  filledColumns,
  hasSessions,
  headsOf,
  medianCells,
  REQUEST_COLUMNS,
  rangeRows,
  SESSION_COLUMNS,
} from './level-columns.js';
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
      ...series.flatMap((each) => [levelTable(sweep, each), sessionTable(sweep, each)]),
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

/** Levels of a series. In a terminal, least and most of several runs are rows. */
function levelTable(sweep: Sweep, { name, levels }: LevelSeries): Section {
  const { axis, capacity, series } = sweep;
  const all = series.flatMap((each) => each.levels);
  const isMixed = new Set(all.flatMap(({ runs }) => runs.map(({ simulated }) => simulated))).size > 1;
  const isJudged = capacity !== undefined || all.some(({ runs }) => runs.some(({ crossed }) => crossed.length > 0));
  const rows = levels.flatMap((level): Row[] => {
    const { runs } = level;
    const worst =
      (['invalid', 'suspect'] as const).find((each) => runs.some(({ verdict: of }) => of === each)) ?? 'valid';
    const kinds = new Set(runs.map(({ simulated }) => (simulated ? 'simulated' : 'measured')));
    const met = metText(level, sweep);
    const numbers = { text: isMixed ? `${worst}, ${[...kinds].join(' and ')}` : worst, tone: QUALITY[worst] };
    return [
      {
        cells: [
          level.values[axis],
          ...medianCells(REQUEST_COLUMNS, level),
          numbers,
          ...(isJudged ? [met === 'missed' ? { text: met, tone: 'bad' as const } : met] : []),
        ],
      },
      ...rangeRows(REQUEST_COLUMNS, level),
    ];
  });
  const several = levels.some(({ runs }) => runs.length > 1) ? 'median of the runs of a level' : '';
  const columns = [
    { ...figure(axis), kind: 'figure' } as const,
    ...headsOf(REQUEST_COLUMNS),
    ...[text('numbers'), ...(isJudged ? [text(capacity ? 'SLO' : 'thresholds')] : [])],
  ];
  return tableSection('Levels', columns, rows, { aside: [name, several].filter(Boolean).join(', ') });
}

/** Sessions of a series' levels; empty where there were none. */
function sessionTable({ axis }: Sweep, { name, levels }: LevelSeries): Section {
  const columns = filledColumns(SESSION_COLUMNS, levels);
  const rows = levels
    .filter(hasSessions)
    .flatMap((level): Row[] => [
      { cells: [level.values[axis], ...medianCells(columns, level)] },
      ...rangeRows(columns, level),
    ]);
  const heads = [{ ...figure(axis), kind: 'figure' } as const, ...headsOf(columns)];
  return tableSection('Sessions', heads, rows, { aside: name });
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
