import type { Benchmark } from '../../engine/results/group/benchmark.js';
import { groupName } from '../../engine/results/group/grouping.js';
import { columnName, familyName, levelsOf, type Ranking, rankingText } from '../../engine/results/group/ranking.js';
import { cardCount } from '../../engine/results/group/tradeoff.js';
import { levelText } from '../../engine/results/recorded-run.js';
import { count, duration, NO_NUMBER, percent } from '../format.js';
import { type Paint, paint } from '../paint.js';
import { padLeft, padRight, safeText, widest, wrap } from '../terminal-text.js';
import {
  boundsText,
  figureText,
  headText,
  isOneUser,
  LATENCIES,
  LATENCY_KEYS,
  LOAD_FIGURES,
  levelNumber,
  mainRankings,
  notesOf,
  rankingLabel,
  reportAt,
} from './words.js';

const WIDTH = 80;

type Family = Benchmark['families'][number];

/** Benchmark as text. Latency by card, throughput and latency by users and card, rankings, utilization. */
export function benchmarkText(benchmark: Benchmark, options: { color?: boolean } = {}): string {
  const style = paint(options.color ?? false);
  const { families, warnings, leftOut } = benchmark;
  const sections = [
    [`  ${style.bold(safeText(headText(benchmark)))}`],
    ...families.flatMap((family) => [
      latencies(benchmark, family, style),
      underLoad(benchmark, family, style),
      ranks(family, style),
    ]),
    cardUse(benchmark, style),
    listed(style.bold('  █ CAVEATS'), warnings, style.yellow('!')),
    listed(
      style.bold('  █ LEFT OUT'),
      leftOut.map(({ file, why }) => `${file}: ${why}`),
      style.yellow('!'),
    ),
    listed(style.bold('  █ HOW TO READ THIS'), notesOf(benchmark), style.dim('-')),
  ];
  return `\n${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n\n`;
}

function title(text: string, { shared, simulated }: Family, style: Paint): string {
  const name = familyName({ shared, simulated }).trim();
  return `${style.bold(`  █ ${text}`)}${name === '' ? '' : `  ${safeText(name)}`}`;
}

function latencies(benchmark: Benchmark, family: Family, style: Paint): readonly string[] {
  const level = levelsOf(family).find(isOneUser);
  if (!level) return [];
  const parts = LATENCIES.flatMap(([metric, label, words]) => {
    const rows = family.groups.flatMap((group) => {
      const report = reportAt(benchmark, group, level);
      if (!report?.figures[`${metric}:avg`]) return [];
      const cells = LATENCY_KEYS.map(([key]) => figureText(report, { name: `${metric}:${key}`, kind: 'time' }));
      const bounds = boundsText(report, { name: `${metric}:avg`, kind: 'time' }) ?? '';
      return [[safeText(columnName(family, group)), ...cells, bounds]];
    });
    if (rows.length === 0) return [];
    const head = [`${label}`, ...LATENCY_KEYS.map(([, name]) => name), 'mean at 99 %'];
    return [...aligned([head, ...rows], style), style.dim(`    ${label}: ${words}`), ''];
  });
  return [title('LATENCY OF ONE USER', family, style), '', ...parts.slice(0, -1)];
}

function underLoad(benchmark: Benchmark, family: Family, style: Paint): readonly string[] {
  const levels = levelsOf(family);
  const columns = family.groups.map((group) => safeText(columnName(family, group)));
  // One user's latencies have a section of their own.
  const isIdle = levels.every(isOneUser);
  const parts = LOAD_FIGURES.filter(({ kind }) => !isIdle || kind !== 'time').flatMap((form) => {
    const rows = levels.map((level) => {
      const cells = family.groups.map((group) => figureText(reportAt(benchmark, group, level), form));
      return [level.kind === 'users' ? levelNumber(level) : levelText(level), ...cells];
    });
    if (rows.every(([, ...cells]) => cells.every((cell) => cell === NO_NUMBER))) return [];
    // A run without failures is mentioned once, not per row.
    if (form.kind === 'share' && rows.every(([, ...cells]) => cells.every((cell) => cell === '0.00%'))) {
      return [`    ${style.dim('no request failed')}`, ''];
    }
    const unit = levels.every(({ kind }) => kind === 'users') ? 'users' : 'load';
    return [`    ${style.bold(form.label)}`, ...aligned([[unit, ...columns], ...rows], style, 'right'), ''];
  });
  return [title('UNDER LOAD', family, style), '', ...parts.slice(0, -1)];
}

function ranks(family: Family, style: Paint): readonly string[] {
  const chief = mainRankings(family.rankings);
  if (chief.length === 0) return [];
  const width = widest(chief.map(rankingLabel));
  const lines = chief.flatMap((ranking) => [
    `    ${padRight(rankingLabel(ranking), width)}  ${safeText(rankingText(ranking))}`,
    ...besideRank(ranking).map((text) => style.dim(`    ${' '.repeat(width)}  ${safeText(text)}`)),
  ]);
  return [title('RANKING', family, style), '', ...lines];
}

/** Facts about a ranking that its chain cannot show. */
function besideRank({ apart, incomparable }: Ranking): readonly string[] {
  return [
    ...apart.map(([better, worse]) => `but ${better} > ${worse}`),
    ...incomparable.map((text) => `other work: ${text}`),
  ];
}

function cardUse({ settings, trades }: Benchmark, style: Paint): readonly string[] {
  const onFront = trades.flatMap(({ points }) => points.filter((point) => point.onFront));
  const points = trades.flatMap((trade) => trade.points);
  const rows = settings.flatMap(({ group, setting, model }) => {
    const point = points.find((each) => each.group === group && each.level === setting.level);
    if (!model && !point) return [];
    return [
      [
        safeText(groupName(group)),
        levelText(setting.level),
        String(cardCount(setting)),
        model ? count(Number(model.batch.toPrecision(3))) : NO_NUMBER,
        model ? duration(model.stepMs, 'kept') : NO_NUMBER,
        model ? percent(model.mbu) : NO_NUMBER,
        model ? percent(model.mfu) : NO_NUMBER,
        point ? count(Number(point.perUser.toPrecision(4))) : NO_NUMBER,
        point ? count(Number(point.perCard.toPrecision(4))) : NO_NUMBER,
        point && onFront.includes(point) ? '◆' : '',
      ],
    ];
  });
  if (rows.length === 0) return [];
  const head = ['', 'load', 'cards', 'avg batch', 'time/step', 'MBU', 'MFU', 'per user', 'per card', ''];
  return [
    style.bold('  █ CARD UTILIZATION'),
    '',
    ...aligned([head, ...rows], style),
    style.dim('    per user, per card: output tokens/s; ◆ best trade-off: no other setting beats it in both'),
  ];
}

/** Rows aligned in columns under a head. Numbers are right-aligned, the first column of text left. */
function aligned(
  rows: readonly (readonly string[])[],
  style: Paint,
  first: 'left' | 'right' = 'left',
): readonly string[] {
  // Numbers stand below each other whether they are marked or not.
  const isMarked = (rows[0] ?? []).map((_, column) => rows.some((row) => row[column]?.endsWith('*')));
  const spaced = rows.map((row) =>
    row.map((cell, column) => (isMarked[column] && !cell.endsWith('*') ? `${cell} ` : cell)),
  );
  const widths = (rows[0] ?? []).map((_, column) => widest(spaced.map((row) => row[column] ?? '')));
  return spaced.map((row, index) => {
    const cells = row.map((cell, column) => {
      const pad = column === 0 && first === 'left' ? padRight : padLeft;
      return pad(cell, widths[column] ?? 0);
    });
    const line = `    ${cells.join('  ')}`.trimEnd();
    return index === 0 ? style.dim(line) : line;
  });
}

/** Wrapped list under a title; empty for no texts. */
function listed(heading: string, texts: readonly string[], mark: string): readonly string[] {
  if (texts.length === 0) return [];
  const lines = texts.flatMap((text) =>
    wrap(safeText(text), WIDTH - 6).map((part, index) => (index === 0 ? `    ${mark} ${part}` : `      ${part}`)),
  );
  return [heading, '', ...lines];
}
