import type { Advice, Alternatives } from '../../engine/results/advise/advice.js';
import type { Option } from '../../engine/results/advise/candidate.js';
import { groupName } from '../../engine/results/group/grouping.js';
import { canonical, labelText } from '../../engine/results/group/label.js';
import { levelText } from '../../engine/results/recorded-run.js';
import { colorsFor } from '../document/axis.js';
import type { Axis, Bar, BarChart, Line, LineChart, Unit } from '../document/chart.js';
import { amount, count } from '../format.js';
import { alternativesName, money, UNITS, valueText } from './words.js';

/** Most deployments that a chart shows. */
const MOST_SHOWN = 12;

/** Color of each deployment, by its first label: the card. */
export function cardColors(
  all: readonly Alternatives[],
  [column = '']: Advice['asked']['by'],
): (option: Option) => number {
  const value = ({ labels }: Pick<Option, 'labels'>) => canonical(column, labels[column] ?? '');
  const colorOf = colorsFor(all.flatMap(({ options }) => options.map(value)));
  return (option) => colorOf(value(option));
}

/** Bar chart of hourly costs, cards side by side. */
export function costCharts(
  { options, source, model }: Alternatives,
  asked: Advice['asked'],
  colorOf: (option: Option) => number,
): readonly BarChart[] {
  const priced = options.filter(({ costPerHour }) => costPerHour !== undefined);
  if (priced.length < 2) return [];
  const [column = ''] = asked.by;
  const currency = asked.prices?.currency ?? '';
  const restOf = ({ labels: { model: _, [column]: __, ...rest } }: Option) =>
    groupName({ labels: rest, simulated: false });
  const rests = [...new Set(priced.map(restOf))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const barOf = (option: Option): Bar => ({
    label: labelText(column, option.labels[column] ?? ''),
    color: colorOf(option),
    isHollow: source !== 'measured',
    value: option.costPerHour ?? 0,
    title: `${option.name}: ${money(option.costPerHour, currency)} an hour for ${amount(option.cards, 'card')}`,
  });
  const groups = rests.map((label) => {
    return { over: '', label, bars: priced.filter((option) => restOf(option) === label).map(barOf) };
  });
  const y: Axis = { name: `${currency} an hour`, unit: 'count' };
  return [{ title: 'Cost of this load', note: alternativesName({ model, source }), y, groups }];
}

/** Line charts of each objective over one replica's load, with its limit. */
export function objectiveCharts(
  { options, source }: Alternatives,
  asked: Advice['asked'],
  colorOf: (option: Option) => number,
): readonly LineChart[] {
  const measured = options.filter(({ steps }) => steps.length > 1).slice(0, MOST_SHOWN);
  const levels = [...new Set(measured.flatMap(({ steps }) => steps.map(({ load }) => load)))].sort((a, b) => a - b);
  const x = { name: `${UNITS[asked.load.unit]} on one replica`, levels };
  return (measured[0]?.expected ?? []).flatMap(({ objective }, index): LineChart[] => {
    const lines = measured.map((option): Line => {
      const color = colorOf(option);
      const shape = measured.filter((each) => colorOf(each) === color).indexOf(option);
      const style = source === 'measured' ? 'marked' : 'simulated';
      return { label: option.name, color, style, shape, points: pointsOf(option, index) };
    });
    const shown = lines.filter(({ points }) => points.length > 0);
    if (shown.length === 0) return [];
    const unit: Unit = objective.contains === 'time' ? 'time' : 'count';
    return [
      {
        ...{ title: objective.text, note: 'Rings: the load of each deployment.', lines: shown },
        x: { ...x, unit: 'count' },
        y: { name: `${objective.metric} ${objective.key}`, unit, isWide: unit === 'time' },
        limit: { value: objective.limit, label: 'limit' },
      },
    ];
  });
}

/** Measured values of an objective, and the expected one, which is marked. */
function pointsOf(option: Option, index: number): Line['points'] {
  const measured = option.steps.flatMap(({ load, judgements, setting }) => {
    const judgement = judgements[index];
    const value = judgement?.figure?.value;
    if (!judgement || value === undefined) return [];
    const title = `${option.name}, ${levelText(setting.level)}: ${valueText(judgement.objective, value)}`;
    return [{ x: load, y: value, bounds: judgement.figure?.bounds, title }];
  });
  const { value, objective } = option.expected[index] ?? {};
  const isInside = option.load >= (measured[0]?.x ?? Number.POSITIVE_INFINITY);
  if (value === undefined || !objective || !isInside) return measured;
  const title = `${option.name} at ${count(Number(option.load.toPrecision(3)))}: ${valueText(objective, value)} expected`;
  const own = { x: option.load, y: value, title, isMarked: true };
  return [...measured.filter(({ x }) => x !== option.load), own].sort((a, b) => a.x - b.x);
}
