import { stringify } from 'csv-stringify/sync';
import { type Benchmark, SETTING_FIGURES } from '../../engine/results/group/benchmark.js';
import { cardCount } from '../../engine/results/group/tradeoff.js';
import { FOREIGN_CELLS } from '../csv-cells.js';

/** Runs grouped by their labels, as CSV. A row per setting; times in milliseconds, shares from 0 to 1. */
export function benchmarkCsv({ by, settings, trades }: Benchmark): string {
  const points = trades.flatMap((trade) => trade.points);
  const all = SETTING_FIGURES.map(([metric, key]) => `${metric}:${key}` as const);
  const isOfSessions = (name: string) => /^llm_(session|cache)/.test(name);
  const names = all.filter((name) => !isOfSessions(name) || settings.some(({ figures }) => figures[name]));
  const head = [
    ...by,
    'source',
    'users',
    'rate',
    'runs',
    'cards',
    ...names.flatMap((name) => [name, `${name} low`, `${name} high`]),
    'mbu',
    'mfu',
    'tokens_per_second_per_user',
    'tokens_per_second_per_card',
    'on_front',
  ];
  const rows = settings.map(({ group, setting, figures, model }) => {
    const point = points.find((each) => each.group === group && each.level === setting.level);
    const { kind, value } = setting.level;
    return [
      ...by.map((label) => group.labels[label] ?? ''),
      group.simulated ? 'simulated' : 'measured',
      kind === 'users' ? value : '',
      kind === 'rate' ? value : '',
      setting.runs.length,
      cardCount(setting),
      ...names.flatMap((name) => {
        const figure = figures[name];
        return [figure?.value ?? '', figure?.bounds?.[0] ?? '', figure?.bounds?.[1] ?? ''];
      }),
      model?.mbu ?? '',
      model?.mfu ?? '',
      point?.perUser ?? '',
      point?.perCard ?? '',
      point === undefined ? '' : point.onFront ? 'yes' : 'no',
    ];
  });
  // An apostrophe keeps spreadsheets from reading the text as a formula.
  return stringify([head, ...rows], FOREIGN_CELLS);
}
