import type { Benchmark, FigureName, SettingReport } from '../../engine/results/group/benchmark.js';
import type { Figure } from '../../engine/results/group/figure.js';
import { type Group, groupName } from '../../engine/results/group/grouping.js';
import { canonical } from '../../engine/results/group/label.js';
import type { ModelFigures } from '../../engine/results/group/model-figures.js';
import { columnName, familyName, levelsOf } from '../../engine/results/group/ranking.js';
import { pointName, type Trade } from '../../engine/results/group/tradeoff.js';
import { levelText } from '../../engine/results/recorded-run.js';
import { colorsFor } from '../document/axis.js';
import type { Bar, BarChart, Line, LineChart, Point } from '../document/chart.js';
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

/** Color of each card, identical in all figures. */
function colorsOf({ groups, by }: Benchmark): (group: Group) => number {
  const [column = ''] = by;
  const value = ({ labels }: Group) => canonical(column, labels[column] ?? '');
  const colorOf = colorsFor(groups.map(value));
  return (group) => colorOf(value(group));
}

/** Latency charts of one user, by card and model. */
const ONE_USER: readonly FigureForm[] = [
  { name: 'llm_ttft:avg', label: 'Time to the first token (TTFT), mean', kind: 'time', best: 'low' },
  { name: 'llm_tpot:avg', label: 'Time per output token (TPOT), mean', kind: 'time', best: 'low' },
  { name: 'llm_e2e:avg', label: 'End-to-end latency (E2E), mean', kind: 'time', best: 'low' },
  { name: 'llm_user_tokens_per_second:med', label: 'Output tokens a second', kind: 'count', best: 'high' },
];

/** Bar charts of one user's latencies, by family and group. */
export function latencyCharts(benchmark: Benchmark): readonly BarChart[] {
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
        const mark = figureMark(report, form.name);
        const title = `${name}, ${familyName(family)}: ${figureText(report, form)}${mark ?? ''}${bounds ? ` (${bounds})` : ''}`;
        const label = shownName(benchmark, name, group.simulated);
        return [{ label, color: colorOf(group), isHollow: group.simulated, ...figure, mark, title }];
      });
      const { model = '', ...others } = family.shared;
      const over = shownName(benchmark, model, family.simulated);
      return bars.length === 0 ? [] : [{ over, label: groupName({ labels: others, simulated: false }), bars }];
    });
    if (groups.length === 0) return [];
    const bars = groups.flatMap((group) => group.bars);
    const isLong = Math.max(...bars.map(({ value }) => value)) >= 1000;
    const name = form.kind === 'time' ? (isLong ? 'seconds' : 'milliseconds') : 'tokens/s';
    const few = bars.some(({ mark }) => mark !== undefined) ? ` * ${UNBOUNDED}.` : '';
    const note = `${form.best === 'low' ? 'Lower' : 'Higher'} is better. Whiskers: bounds at 99 %.${few}`;
    return [{ title: form.label, note, y: { name, unit: form.kind }, groups }];
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
  curve('llm_sessions_per_hour:value', 'Sessions an hour', 'sessions/hour', 'count'),
  curve('llm_session_duration:p(95)', 'Duration of a session, p95', 'session p95'),
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
export function loadCharts(benchmark: Benchmark, family: Family): readonly LineChart[] {
  const colorOf = colorsOf(benchmark);
  return (['users', 'rate'] as const).flatMap((kind) => {
    const levels = levelsOf(family).filter((level) => level.kind === kind);
    if (levels.length < 2) return [];
    const name = kind === 'users' ? 'users' : 'requests/s asked for';
    const x = { name, unit: 'count', levels: levels.map(({ value }) => value) } as const;
    return CURVES.flatMap(({ title, axis, kind: unit, note, of }): LineChart[] => {
      const lines = family.groups.flatMap((group): Line[] => {
        const label = columnName(family, group);
        const points = levels.flatMap((level): Point[] => {
          const report = reportAt(benchmark, group, level);
          const figure = report && of(report);
          if (!figure) return [];
          const bounds = figure.bounds?.map((bound) => written(bound, unit)).join(' – ');
          const few = figure.bounds || unit === 'share' ? '' : '*';
          const text = `${levelText(level)}: ${written(figure.value, unit)}${few}${bounds ? ` (${bounds})` : ''}`;
          const { value: y, bounds: whiskers } = figure;
          return [{ ...(few && { label: few }), x: level.value, y, bounds: whiskers, title: `${label}, ${text}` }];
        });
        if (points.length === 0) return [];
        return [{ label, color: colorOf(group), style: group.simulated ? 'simulated' : 'marked', points }];
      });
      if (lines.length === 0) return [];
      const isFew = lines.some(({ points }) => points.some(({ label }) => label === '*'));
      const y = { name: axis, unit, isWide: unit === 'time' };
      const shown = shownName(benchmark, title, family.simulated);
      return [{ title: shown, note: note ?? (isFew ? `* ${UNBOUNDED}.` : undefined), x, y, lines }];
    });
  });
}

/** Chart of throughput against speed for one model, with its Pareto front. */
export function tradeChart(benchmark: Benchmark, { model, simulated, points }: Trade): LineChart {
  const colorOf = colorsOf(benchmark);
  const groups = [...new Set(points.map(({ group }) => group))];
  const lines = groups.map((group): Line => {
    const own = points.filter((point) => point.group === group);
    const shape = groups.filter((each) => colorOf(each) === colorOf(group)).indexOf(group);
    return {
      ...{ label: pointName({ group: { ...group, simulated: false } }), color: colorOf(group), shape },
      style: simulated ? 'simulated' : 'marked',
      points: own.map(({ perUser, perCard, level, onFront }) => ({
        x: perUser,
        y: perCard,
        title: `${pointName({ group })}, ${levelText(level)}: ${written(perUser, 'count')} tokens/s for a user, ${written(perCard, 'count')} from a card`,
        // Of the others only the ends are named: between them the load rises.
        ...((onFront || level === own[0]?.level || level === own.at(-1)?.level) && { label: String(level.value) }),
        isMarked: onFront,
      })),
    };
  });
  const front = points.filter(({ onFront }) => onFront).toSorted((a, b) => a.perUser - b.perUser);
  return {
    title: shownName(benchmark, `${model}: throughput per card and speed for a user`, simulated),
    note: 'Numbers are users. The load rises along each line from right to left. Up and to the right is better.',
    x: { name: 'output tokens/s of the median user', unit: 'count' },
    y: { name: 'output tokens/s per card', unit: 'count' },
    lines,
    behind: {
      label: 'best trade-offs: no other setting beats them in both',
      points: front.map(({ perUser, perCard }) => ({ x: perUser, y: perCard })),
    },
  };
}
