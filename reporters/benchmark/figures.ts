import type { Benchmark, FigureName, SettingReport } from '../../engine/results/group/benchmark.js';
import type { Figure } from '../../engine/results/group/figure.js';
import { type Group, groupName } from '../../engine/results/group/grouping.js';
import { canonical } from '../../engine/results/group/label.js';
import type { ModelFigures } from '../../engine/results/group/model-figures.js';
import { columnName, familyName, levelsOf } from '../../engine/results/group/ranking.js';
import { pointName, type Trade } from '../../engine/results/group/tradeoff.js';
import { levelText } from '../../engine/results/recorded-run.js';
import { count, shortDuration } from '../format.js';
import { type Bar, barFigure } from '../html/figure/bars.js';
import { colorsFor } from '../html/figure/colors.js';
import { lineFigure } from '../html/figure/lines.js';
import type { Point, Series } from '../html/figure/series.js';
import type { Markup } from '../html/markup.js';
import {
  boundsText,
  type FigureForm,
  figureMark,
  figureText,
  isOneUser,
  reportAt,
  shownName,
  UNBOUNDED,
  written,
} from './words.js';

type Family = Benchmark['families'][number];

const timeTick = (value: number) => (value === 0 ? '0' : shortDuration(Number(value.toPrecision(6))));
const shareTick = (value: number) => `${count(Number((100 * value).toPrecision(6)))}%`;
const countTick = (value: number) => count(Number(value.toPrecision(6)));

/** Color of each card, identical in all figures. */
function colorsOf({ groups, by }: Benchmark): (group: Group) => number {
  const [column = ''] = by;
  const value = ({ labels }: Group) => canonical(column, labels[column] ?? '');
  const colorOf = colorsFor(groups.map(value));
  return (group) => colorOf(value(group));
}

/** Number above a bar, in the unit of the axis. */
function brief(kind: FigureForm['kind'], value: number, highest: number): string {
  const shown = kind === 'time' && highest >= 1000 ? value / 1000 : value;
  return count(Number(shown.toPrecision(shown >= 1000 ? 4 : shown < 1 ? 2 : 3)));
}

/** Latency charts of one user, by card and model. */
const ONE_USER: readonly FigureForm[] = [
  { name: 'llm_ttft:avg', label: 'Time to the first token (TTFT), mean', kind: 'time', best: 'low' },
  { name: 'llm_tpot:avg', label: 'Time per output token (TPOT), mean', kind: 'time', best: 'low' },
  { name: 'llm_e2e:avg', label: 'End-to-end latency (E2E), mean', kind: 'time', best: 'low' },
  { name: 'llm_user_tokens_per_second:med', label: 'Output tokens a second', kind: 'count', best: 'high' },
];

/** Bar charts of one user's latencies, by family and group. */
export function latencyFigures(benchmark: Benchmark): readonly Markup[] {
  const colorOf = colorsOf(benchmark);
  return ONE_USER.flatMap((form) => {
    const groups = benchmark.families.flatMap((family) => {
      const level = levelsOf(family).find(isOneUser);
      const bars = family.groups.flatMap((group): Bar[] => {
        const report = level && reportAt(benchmark, group, level);
        const figure = report?.figures[form.name];
        if (!figure) return [];
        const name = columnName(family, group);
        const bounds = boundsText(report, form);
        return [
          {
            label: shownName(benchmark, name, group.simulated),
            color: colorOf(group),
            isHollow: group.simulated,
            value: figure.value,
            bounds: figure.bounds,
            mark: figureMark(report, form.name),
            title: `${name}, ${familyName(family)}: ${figureText(report, form)}${bounds ? ` (${bounds})` : ''}`,
          },
        ];
      });
      if (bars.length === 0) return [];
      const { model = '', ...others } = family.shared;
      return [
        {
          over: shownName(benchmark, model, family.simulated),
          label: groupName({ labels: others, simulated: false }),
          bars,
        },
      ];
    });
    if (groups.length === 0) return [];
    const isTime = form.kind === 'time';
    const highest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
    const y = {
      label: isTime ? (highest >= 1000 ? 'seconds' : 'milliseconds') : 'tokens/s',
      write: isTime ? timeTick : countTick,
      brief: (value: number, most: number) => brief(form.kind, value, most),
    };
    const few = groups.some(({ bars }) => bars.some(({ mark }) => mark !== undefined));
    const note = `${form.best === 'low' ? 'Lower' : 'Higher'} is better. Whiskers: bounds at 99 %.${few ? ` * ${UNBOUNDED}.` : ''}`;
    return [barFigure({ title: form.label, note, y, groups })];
  });
}

/** Figure over load, and its value for a setting. */
interface Curve {
  readonly title: string;
  readonly axis: string;
  readonly kind: FigureForm['kind'];
  readonly note?: string;
  readonly of: (report: SettingReport) => Figure | undefined;
}

const curve = (name: FigureName, title: string, axis: string, kind: FigureForm['kind'] = 'time'): Curve => {
  return { title, axis, kind, of: ({ figures }) => figures[name] };
};

const use = (of: (model: ModelFigures) => number, title: string, axis: string, note: string): Curve => {
  return {
    ...{ title, axis, note, kind: 'share' },
    of: ({ model }) => model && { value: of(model), asIfIndependent: false },
  };
};

const CURVES: readonly Curve[] = [
  curve('llm_output_tokens_per_second:value', 'Throughput: output tokens a second', 'tokens/s', 'count'),
  curve('llm_e2e:p(95)', 'End-to-end latency (E2E), p95', 'E2E p95'),
  curve('llm_ttft:p(95)', 'Time to the first token (TTFT), p95', 'TTFT p95'),
  curve('llm_tpot:avg', 'Time per output token (TPOT), mean', 'TPOT'),
  use(
    ({ mbu }) => mbu,
    'Model bandwidth utilization (MBU)',
    'of peak',
    'Share of the memory bandwidth that decoding uses.',
  ),
  use(
    ({ mfu }) => mfu,
    'Model FLOPS utilization (MFU)',
    'of peak',
    'Share of the peak operations that all tokens use.',
  ),
];

/** Charts of throughput, latency and card utilization over load. One line per group. */
export function loadFigures(benchmark: Benchmark, family: Family): readonly Markup[] {
  const colorOf = colorsOf(benchmark);
  return (['users', 'rate'] as const).flatMap((kind) => {
    const levels = levelsOf(family).filter((level) => level.kind === kind);
    if (levels.length < 2) return [];
    return CURVES.flatMap((each) => {
      const series = family.groups.flatMap((group): Series[] => {
        const label = columnName(family, group);
        const points = levels.flatMap((level): Point[] => {
          const report = reportAt(benchmark, group, level);
          const figure = report && each.of(report);
          if (!figure) return [];
          const bounds = figure.bounds?.map((bound) => written(bound, each.kind)).join(' – ');
          const few = figure.bounds || each.kind === 'share' ? '' : '*';
          const text = `${levelText(level)}: ${written(figure.value, each.kind)}${few}${bounds ? ` (${bounds})` : ''}`;
          return [
            {
              ...(few && { label: few }),
              x: level.value,
              y: figure.value,
              bounds: figure.bounds,
              title: `${label}, ${text}`,
            },
          ];
        });
        if (points.length === 0) return [];
        return [{ label, color: colorOf(group), isHollow: group.simulated, points }];
      });
      if (series.length === 0) return [];
      const x = {
        label: kind === 'users' ? 'users' : 'requests/s asked for',
        write: countTick,
        levels: levels.map(({ value }) => value),
      };
      const write = { time: timeTick, count: countTick, share: shareTick }[each.kind];
      const y = { label: each.axis, write, isWide: each.kind === 'time' };
      const title = shownName(benchmark, each.title, family.simulated);
      const few = series.some(({ points }) => points.some(({ label }) => label === '*'))
        ? `* ${UNBOUNDED}.`
        : undefined;
      const note = each.note ?? few;
      return [lineFigure({ title, ...(note !== undefined && { note }), x, y, series })];
    });
  });
}

/** Chart of throughput against speed for one model, with its Pareto front. */
export function tradeFigure(benchmark: Benchmark, { model, simulated, points }: Trade): Markup {
  const colorOf = colorsOf(benchmark);
  const groups = [...new Set(points.map(({ group }) => group))];
  const sameColor = (group: Group) => groups.filter((each) => colorOf(each) === colorOf(group)).indexOf(group);
  const series = groups.map((group): Series => {
    const own = points.filter((point) => point.group === group);
    return {
      label: pointName({ group: { ...group, simulated: false } }),
      color: colorOf(group),
      isHollow: simulated,
      shape: sameColor(group),
      points: own.map(({ perUser, perCard, level, onFront }) => ({
        x: perUser,
        y: perCard,
        title: `${pointName({ group })}, ${levelText(level)}: ${countTick(Number(perUser.toPrecision(4)))} tokens/s for a user, ${countTick(Number(perCard.toPrecision(4)))} from a card`,
        // Of the others only the ends are named: between them the load rises.
        ...((onFront || level === own[0]?.level || level === own.at(-1)?.level) && { label: String(level.value) }),
        isMarked: onFront,
      })),
    };
  });
  const front = points.filter(({ onFront }) => onFront).toSorted((a, b) => a.perUser - b.perUser);
  return lineFigure({
    title: shownName(benchmark, `${model}: throughput per card and speed for a user`, simulated),
    note: 'Numbers are users. The load rises along each line from right to left. Up and to the right is better.',
    x: { label: 'output tokens/s of the median user', write: countTick },
    y: { label: 'output tokens/s per card', write: countTick },
    isCrossed: true,
    series,
    behind: {
      label: 'best trade-offs: no other setting beats them in both',
      points: front.map(({ perUser, perCard }) => ({ x: perUser, y: perCard })),
    },
  });
}
