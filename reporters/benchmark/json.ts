import type { Benchmark } from '../../engine/results/group/benchmark.js';
import { cardCount } from '../../engine/results/group/tradeoff.js';
import { levelText } from '../../engine/results/recorded-run.js';

/** Runs grouped by their labels, as JSON. docs/compare.md describes the format. */
export function benchmarkJson(benchmark: Benchmark): string {
  const { by, settings, families, trades, warnings, leftOut, unknown } = benchmark;
  const points = trades.flatMap((trade) => trade.points);
  const document = {
    schema: 'tokenswarm/benchmark',
    version: 1,
    by,
    settings: settings.map(({ group, setting, figures, model }) => {
      const point = points.find((each) => each.group === group && each.level === setting.level);
      return {
        labels: group.labels,
        simulated: group.simulated,
        [setting.level.kind]: setting.level.value,
        cards: cardCount(setting),
        files: setting.runs.map(({ file }) => file),
        tokens: setting.tokens,
        figures,
        ...(model && { model }),
        ...(point && { trade: { perUser: point.perUser, perCard: point.perCard, onFront: point.onFront } }),
      };
    }),
    rankings: families.flatMap(({ rankings }) =>
      rankings.map(({ metric, key, level, shared, simulated, places, apart, incomparable }) => ({
        metric,
        key,
        level: levelText(level),
        shared,
        simulated,
        places: places.map(({ name, figure, suspect, next }) => ({ name, ...figure, suspect, next })),
        apart,
        incomparable,
      })),
    ),
    warnings,
    leftOut,
    unknown,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
