import { stringify } from 'csv-stringify/sync';
import {
  FIGURE_NAMES,
  type FigureName,
  type LevelRun,
  SESSION_FIGURE_NAMES,
} from '../../engine/results/sweep/level.js';
import type { Sweep } from '../../engine/results/sweep/sweep.js';
import { FOREIGN_CELLS } from '../csv-cells.js';

/** Row per finished run. Variables, labels and figures (milliseconds, shares of 0 to 1); of sessions where there are any. */
export function sweepCsv({ variables, labels, series }: Sweep): string {
  const others = Object.keys(labels).filter((name) => !variables.includes(name));
  const runs = series.flatMap(({ levels }) => levels.flatMap((level) => level.runs));
  const isAsked = (name: FigureName) => !isOfSessions(name) || runs.some(({ figures }) => figures[name] !== undefined);
  const names = FIGURE_NAMES.filter(isAsked);
  const rest = Object.keys(restOf(undefined, names));
  const rows = runs.map((run) => [
    ...variables.map((name) => run.values[name] ?? ''),
    ...others.map((name) => labels[name] ?? ''),
    ...Object.values(restOf(run, names)),
  ]);
  return stringify([[...variables, ...others, ...rest], ...rows], FOREIGN_CELLS);
}

function restOf(run: LevelRun | undefined, names: readonly FigureName[]): Readonly<Record<string, string | number>> {
  const figures = names.map((name) => [snake(name), run?.figures[name] ?? ''] as const);
  return {
    repeat: run?.repeat ?? '',
    started_at: run?.startedAt ?? '',
    served_model: run?.model ?? '',
    target: run === undefined ? '' : run.simulated ? 'simulated' : 'measured',
    users: run?.users ?? '',
    ...Object.fromEntries(figures),
    requests: run?.requests ?? '',
    window: run?.window ?? '',
    numbers: run?.verdict ?? '',
    crossed: run?.crossed.map(({ text }) => text).join('; ') ?? '',
    cut_short: run?.cutShort ?? '',
    exit_code: run?.exitCode ?? '',
  };
}

function isOfSessions(name: FigureName): boolean {
  return SESSION_FIGURE_NAMES.some((each) => each === name);
}

/** `ttftP95` → `ttft_p95`. */
function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
