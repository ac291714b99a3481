import { type Knee, kneeOf } from './knee.js';
import { FIGURE_NAMES, type Figures, type Level, type LevelRun } from './level.js';
import type { Variable } from './vary.js';

/** Levels that differ only in the axis value, in its order. */
export interface LevelSeries {
  /** `TP=2`; empty where the axis is the only variable. */
  readonly name: string;
  readonly levels: readonly Level[];
  /** Knee of the throughput; undefined if it cannot be determined. */
  readonly knee: Knee | undefined;
}

/** Runs against the variables. */
export interface SweepTable {
  /** Variable on the axis. */
  readonly axis: string;
  readonly series: readonly LevelSeries[];
}

/**
 * Groups runs by the values of variables, in order of appearance. `outer` are those that need a restart of the server:
 * they distinguish series.
 */
export function tableOf(
  variables: readonly Variable[],
  outer: readonly string[],
  runs: readonly LevelRun[],
): SweepTable {
  const axis = axisOf(variables, outer);
  const others = variables.map(({ name }) => name).filter((name) => name !== axis);
  const seriesName = ({ values }: LevelRun) => others.map((name) => `${name}=${values[name]}`).join(', ');
  const series = [...groups(runs, seriesName)].map(([name, own]): LevelSeries => {
    const levels = [...groups(own, ({ values }) => values[axis] ?? '')].map(([, same]) => levelOf(axis, same));
    const numeric = levels.every(({ at }) => at !== undefined);
    const ordered = numeric ? levels.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0)) : levels;
    return { name, levels: ordered, knee: numeric ? kneeOf(ordered) : undefined };
  });
  return { axis, series };
}

/** Variable with the most numeric values. Prefers one without a restart of the server. */
function axisOf(variables: readonly Variable[], outer: readonly string[]): string {
  const numeric = variables.filter(({ values }) => values.every((value) => numberOf(value) !== undefined));
  const inner = numeric.filter(({ name }) => !outer.includes(name));
  const most = (all: readonly Variable[]) => {
    return all.reduce((best: Variable | undefined, each) => {
      return best && best.values.length >= each.values.length ? best : each;
    }, undefined);
  };
  return (most(inner) ?? most(numeric) ?? variables.at(-1))?.name ?? '';
}

function levelOf(axis: string, runs: readonly LevelRun[]): Level {
  const [first] = runs;
  const values = first?.values ?? {};
  const over = (pick: (sorted: readonly number[]) => number | undefined): Figures => {
    const found = FIGURE_NAMES.flatMap((name) => {
      const all = runs.flatMap(({ figures }) => figures[name] ?? []).sort((a, b) => a - b);
      const value = pick(all);
      return value === undefined ? [] : [[name, value] as const];
    });
    return Object.fromEntries(found);
  };
  return {
    values,
    at: numberOf(values[axis] ?? ''),
    runs,
    median: over(middle),
    least: over((sorted) => sorted[0]),
    most: over((sorted) => sorted.at(-1)),
  };
}

function middle(sorted: readonly number[]): number | undefined {
  const half = Math.floor(sorted.length / 2);
  const [below, above] = [sorted[half - 1], sorted[half]];
  return sorted.length % 2 === 1 || below === undefined || above === undefined ? above : (below + above) / 2;
}

function numberOf(text: string): number | undefined {
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

function groups<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of items) found.set(keyOf(item), [...(found.get(keyOf(item)) ?? []), item]);
  return found;
}
