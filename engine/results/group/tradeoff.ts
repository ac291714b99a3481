import type { Level } from '../recorded-run.js';
import { type Group, groupName } from './grouping.js';
import { canonical, labelOf } from './label.js';
import { cardsOf } from './model-figures.js';
import { type Setting, settingFigure } from './setting.js';

/** Speed for one user and throughput per card of a setting. */
export interface TradePoint {
  readonly group: Group;
  readonly level: Level;
  /** Output tokens per second of the median user: 1000 / TPOT. */
  readonly perUser: number;
  /** Output tokens per second of all users, divided by all cards. */
  readonly perCard: number;
  /** True if on the Pareto front. No other point is as good in both and better in one. */
  readonly onFront: boolean;
}

/** Trade-off of throughput against speed for one model. */
export interface Trade {
  readonly model: string;
  readonly simulated: boolean;
  readonly points: readonly TradePoint[];
}

/** Trade-offs of all models. Measured and simulated settings have separate fronts. */
export function trades(groups: readonly Group[]): readonly Trade[] {
  const byModel = new Map<string, { model: string; simulated: boolean; points: Omit<TradePoint, 'onFront'>[] }>();
  for (const group of groups) {
    for (const setting of group.settings) {
      const { record } = setting.runs[0]!;
      const model = labelOf(record, 'model') ?? record.target?.model ?? '';
      const key = JSON.stringify([canonical('model', model), group.simulated]);
      const point = pointOf(group, setting);
      const trade = byModel.get(key) ?? { model, simulated: group.simulated, points: [] };
      byModel.set(key, trade);
      if (point) trade.points.push(point);
    }
  }
  return [...byModel.values()]
    .filter(({ points }) => points.length > 0)
    .map(({ points, ...trade }) => ({ ...trade, points: withFront(points) }));
}

function pointOf(group: Group, setting: Setting): Omit<TradePoint, 'onFront'> | undefined {
  const perUser = settingFigure(setting, 'llm_user_tokens_per_second', 'med')?.value;
  const output = settingFigure(setting, 'llm_output_tokens_per_second', 'value')?.value;
  if (perUser === undefined || output === undefined) return undefined;
  return { group, level: setting.level, perUser, perCard: output / cardCount(setting) };
}

/** Cards of all replicas of a setting. */
export function cardCount({ runs }: Setting): number {
  const { tensorParallel, replicas } = cardsOf(runs[0]!.record);
  return tensorParallel * replicas;
}

function withFront<P extends Pick<TradePoint, 'perUser' | 'perCard'>>(
  points: readonly P[],
): readonly (P & { readonly onFront: boolean })[] {
  return points.map((point) => {
    const beaten = points.some(
      (other) =>
        other.perUser >= point.perUser &&
        other.perCard >= point.perCard &&
        (other.perUser > point.perUser || other.perCard > point.perCard),
    );
    return { ...point, onFront: !beaten };
  });
}

/** Point in words: `H800, TP 1 at 64 users`. */
export function pointName({ group }: Pick<TradePoint, 'group'>): string {
  const { model: _, ...labels } = group.labels;
  return Object.keys(labels).length === 0 ? groupName(group) : groupName({ ...group, labels });
}
