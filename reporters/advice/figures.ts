import type { Advice, Alternatives } from '../../engine/results/advise/advice.js';
import type { Option } from '../../engine/results/advise/candidate.js';
import { levelText } from '../../engine/results/recorded-run.js';
import { count, shortDuration } from '../format.js';
import { barFigure } from '../html/figure/bars.js';
import { lineFigure, type Series } from '../html/figure/lines.js';
import type { Markup } from '../html/markup.js';
import { alternativesName, money, SOURCES, valueText } from './words.js';

/** Most deployments that are drawn, one per color of a page. */
const COLORS = 9;

const countTick = (value: number) => count(Number(value.toPrecision(6)));
const timeTick = (value: number) => (value === 0 ? '0' : shortDuration(Number(value.toPrecision(6))));

/** Bar chart of each option's cost by the hour, cheapest first. */
export function costFigure(alternatives: Alternatives, asked: Advice['asked']): readonly Markup[] {
  const { options, source } = alternatives;
  const priced = options.filter(({ costPerHour }) => costPerHour !== undefined).slice(0, COLORS);
  if (priced.length < 2) return [];
  const currency = asked.prices?.currency ?? '';
  const groups = priced.map((option) => ({
    label: option.name,
    bars: [
      {
        ...{ label: SOURCES[source], color: 1, isHollow: source !== 'measured' },
        value: option.costPerHour ?? 0,
        title: `${option.name}: ${money(option.costPerHour, currency)} an hour for ${option.cards} cards`,
      },
    ],
  }));
  const y = {
    label: `${currency} an hour`,
    write: countTick,
    brief: (value: number) => countTick(Number(value.toPrecision(4))),
  };
  return [barFigure({ title: 'Cost of this load', note: alternativesName(alternatives), y, groups })];
}

/** Line charts of each objective over one replica's load, with its limit. */
export function objectiveFigures({ options, source }: Alternatives, asked: Advice['asked']): readonly Markup[] {
  const measured = options.filter(({ steps }) => steps.length > 1).slice(0, COLORS);
  const [first] = measured;
  if (!first) return [];
  return first.expected.flatMap(({ objective }, index) => {
    const series = measured.flatMap((option, color): Series[] => {
      const line = seriesOf(option, index, color + 1, source !== 'measured');
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
    const title = `${objective.text}${source === 'simulated' ? ' (simulated)' : ''}`;
    const note = 'Rings: the load of each deployment.';
    return [lineFigure({ title, note, x, y, series, limit: { value: objective.limit, label: 'limit' } })];
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
