import { type Figures, type Level, SESSION_FIGURE_NAMES } from '../../engine/results/sweep/level.js';
import { type Cell, figure, type Row, type Table } from '../document/document.js';
import { compactCount, count, NO_NUMBER, percent, shortDuration } from '../format.js';

/** Column of a table of levels. The last is its order of removal where the page is narrow. */
export type LevelColumn = readonly [head: string, of: (figures: Figures) => string, leaves?: number];

const shown = (value: number | undefined, write: (value: number) => string) =>
  value === undefined ? NO_NUMBER : write(value);
const failed = (share: number) => (share === 0 ? '0' : percent(share));
const cost = (value: number) => count(Number(value.toPrecision(3)));

/** Figures of requests. */
export const REQUEST_COLUMNS: readonly LevelColumn[] = [
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

/** Figures of sessions. */
export const SESSION_COLUMNS: readonly LevelColumn[] = [
  ['sessions/hour', (figures) => shown(figures.sessionsPerHour, compactCount)],
  ['duration p50', (figures) => shown(figures.sessionP50, shortDuration)],
  ['p95', (figures) => shown(figures.sessionP95, shortDuration)],
  ['within SLO', (figures) => shown(figures.sessionGood, percent)],
  ['failed', (figures) => shown(figures.sessionFailed, failed)],
  ['cache hits', (figures) => shown(figures.cacheHit, percent), 1],
  ['cost a session', (figures) => shown(figures.costPerSession, cost)],
];

/** Columns that any of the levels has a figure for. */
export function filledColumns(columns: readonly LevelColumn[], levels: readonly Level[]): readonly LevelColumn[] {
  return columns.filter(([, of]) => levels.some(({ median }) => of(median) !== NO_NUMBER));
}

/** True for a level with a figure of sessions. */
export function hasSessions({ median }: Level): boolean {
  return SESSION_FIGURE_NAMES.some((name) => median[name] !== undefined);
}

/** Heads of columns. */
export function headsOf(columns: readonly LevelColumn[]): Table['columns'] {
  return columns.map(([head, , leaves]) => ({ ...figure(head), leaves }));
}

/** Medians of a level's runs, with their range. */
export function medianCells(columns: readonly LevelColumn[], { median, least, most }: Level): readonly Cell[] {
  return columns.map(([, of]) => {
    const [low, high] = [of(least), of(most)];
    return { text: of(median), note: low === high ? '' : `${low} to ${high}` };
  });
}

/** Least and most of several runs as rows of a terminal. */
export function rangeRows(columns: readonly LevelColumn[], level: Level): readonly Row[] {
  const ends = level.runs.length < 2 ? [] : (['least', 'most'] as const);
  return ends.map((which): Row => {
    return { cells: [which, ...columns.map(([, of]) => of(level[which]))], tone: 'muted', only: 'text' };
  });
}
