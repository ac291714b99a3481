import type { Advice, Alternatives } from '../../engine/results/advise/advice.js';
import type { Option } from '../../engine/results/advise/candidate.js';
import { groupName } from '../../engine/results/group/grouping.js';
import { canonical, labelText } from '../../engine/results/group/label.js';
import { levelText } from '../../engine/results/recorded-run.js';
import { amount, count, shortDuration } from '../format.js';
import { barFigure } from '../html/figure/bars.js';
import { colorsFor } from '../html/figure/colors.js';
import { lineFigure } from '../html/figure/lines.js';
import type { Series } from '../html/figure/series.js';
import type { Markup } from '../html/markup.js';
import { alternativesName, money, valueText } from './words.js';

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

const countTick = (value: number) => count(Number(value.toPrecision(6)));
const timeTick = (value: number) => (value === 0 ? '0' : shortDuration(Number(value.toPrecision(6))));

/** Bar chart of hourly costs, cards side by side. */
export function costFigure(
  { options, source, ...alternatives }: Alternatives,
  asked: Advice['asked'],
  colorOf: (option: Option) => number,
): readonly Markup[] {
  const priced = options.filter(({ costPerHour }) => costPerHour !== undefined);
  if (priced.length < 2) return [];
  const [column = ''] = asked.by;
  const currency = asked.prices?.currency ?? '';
  const restOf = ({ labels: { model: _, [column]: __, ...rest } }: Option) =>
    groupName({ labels: rest, simulated: false });
  const rests = [...new Set(priced.map(restOf))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const groups = rests.map((label) => ({
    ...{ over: '', label },
    bars: priced
      .filter((option) => restOf(option) === label)
      .map((option) => ({
        ...{
          label: labelText(column, option.labels[column] ?? ''),
          color: colorOf(option),
          isHollow: source !== 'measured',
        },
        value: option.costPerHour ?? 0,
        title: `${option.name}: ${money(option.costPerHour, currency)} an hour for ${amount(option.cards, 'card')}`,
      })),
  }));
  const y = {
    label: `${currency} an hour`,
    write: countTick,
    brief: (value: number) => countTick(Number(value.toPrecision(4))),
  };
  return [barFigure({ title: 'Cost of this load', note: alternativesName({ ...alternatives, source }), y, groups })];
}

/** Line charts of each objective over one replica's load, with its limit. */
export function objectiveFigures(
  { options, source }: Alternatives,
  asked: Advice['asked'],
  colorOf: (option: Option) => number,
): readonly Markup[] {
  const measured = options.filter(({ steps }) => steps.length > 1).slice(0, MOST_SHOWN);
  const [first] = measured;
  if (!first) return [];
  return first.expected.flatMap(({ objective }, index) => {
    const series = measured.flatMap((option): Series[] => {
      const color = colorOf(option);
      const shape = measured.filter((each) => colorOf(each) === color).indexOf(option);
      const line = { ...seriesOf(option, index, color, source !== 'measured'), shape };
      return line.points.length > 0 ? [line] : [];
    });
    if (series.length === 0) return [];
    const levels = [...new Set(measured.flatMap(({ steps }) => steps.map(({ load }) => load)))].sort((a, b) => a - b);
    const isTime = objective.contains === 'time';
    const x = {
      label: asked.load.unit === 'users' ? 'users on one replica' : 'requests/s on one replica',
      write: (value: number) => countTick(Number(value.toPrecision(3))),
      levels,
    };
    const y = { label: `${objective.metric} ${objective.key}`, write: isTime ? timeTick : countTick, isWide: isTime };
    const note = 'Rings: the load of each deployment.';
    return [
      lineFigure({ title: objective.text, note, x, y, series, limit: { value: objective.limit, label: 'limit' } }),
    ];
  });
}

function seriesOf(option: Option, index: number, color: number, isHollow: boolean): Series {
  const measured = option.steps.flatMap(({ load, judgements, setting }) => {
    const judgement = judgements[index];
    const value = judgement?.figure?.value;
    if (!judgement || value === undefined) return [];
    const title = `${option.name}, ${levelText(setting.level)}: ${valueText(judgement.objective, value)}`;
    return [{ x: load, y: value, bounds: judgement.figure?.bounds, title }];
  });
  const { value, objective } = option.expected[index] ?? {};
  const isInside = option.load >= (measured[0]?.x ?? Number.POSITIVE_INFINITY);
  if (value === undefined || !objective || !isInside) return { label: option.name, color, isHollow, points: measured };
  const title = `${option.name} at ${countTick(Number(option.load.toPrecision(3)))}: ${valueText(objective, value)} expected`;
  const own = { x: option.load, y: value, title, isMarked: true };
  const points = [...measured.filter(({ x }) => x !== option.load), own].sort((a, b) => a.x - b.x);
  return { label: option.name, color, isHollow, points };
}
