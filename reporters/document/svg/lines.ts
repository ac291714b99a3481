import { html, type Markup } from '../../html/markup.js';
import { tick } from '../axis.js';
import type { LineChart, Point } from '../chart.js';
import { type Area, at, type Drawn, framed, HEIGHT, horizontalAxis, legend, mark, verticalAxis } from './frame.js';
import { lineNames, namesWidth, pointLabels } from './labels.js';
import { linear, logarithmic, type Scale } from './scale.js';
import { textWidth } from './text-width.js';

/** Factor beyond which values are far apart. */
const FAR_APART = 25;

/** Draws lines, named at their ends, or in a legend if crowded. */
export function lineFigure(chart: LineChart): Markup {
  const { title, note, behind } = chart;
  const series = chart.lines.map(
    (line): Drawn => ({
      ...line,
      points: line.points.flatMap((point) => (point.y === null ? [] : [{ ...point, y: point.y }])),
    }),
  );
  const isNamed = (width: number) => !behind && namesWidth(series, width) !== undefined;
  const front =
    behind &&
    html`<span><svg class="key" viewBox="0 0 26 12"><line class="front" x1="2" x2="24" y1="6" y2="6"/></svg>${behind.label}</span>`;
  return framed(
    title,
    note,
    (width) => drawing(chart, series, width, isNamed(width)),
    (width) => {
      const keys = isNamed(width)
        ? []
        : series.map((each) => ({ shape: 0, ...each, isHollow: each.style === 'simulated' }));
      return keys.length > 0 || front ? legend(keys, front) : undefined;
    },
  );
}

function drawing(
  { x, y, behind, limit }: LineChart,
  series: readonly Drawn[],
  width: number,
  isNamed: boolean,
): Markup {
  const points = series.flatMap((each) => each.points);
  const values = [...points.map((each) => each.y), ...(limit ? [limit.value] : [])];
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const isFar = y.isWide === true && lowest > 0 && highest / lowest > FAR_APART;
  const tall = { top: 40, bottom: HEIGHT - 46 };
  const ys = isFar ? logarithmic(lowest, highest, tall.bottom, tall.top) : linear(highest, tall.bottom, tall.top);
  const left = 14 + Math.max(...ys.ticks.map((value) => textWidth(tick(y.unit, value))));
  const right = width - 16 - (isNamed ? (namesWidth(series, width) ?? 0) : 0);
  const area: Area = { ...tall, left, right };
  const farthest = Math.max(...points.map((each) => each.x));
  const [first = 1, last = 1] = [x.levels?.[0], x.levels?.at(-1)];
  const xs = x.levels
    ? logarithmic(first, last, area.left + 10, area.right - 10, x.levels)
    : linear(farthest, area.left, area.right - 10);
  const lines = series.map((each) => drawn(each, xs, ys));
  const name = isFar ? `${y.name}, logarithmic` : y.name;
  return html`${verticalAxis(area, ys, { ...y, name })}${horizontalAxis(area, xs, x)}${limit && limitLine(limit, ys, area, xs, series)}${behind && line(behind.points, xs, ys, 'front')}${lines}${pointLabels(series, xs, ys, area, isNamed ? 0 : 14)}${isNamed && lineNames(series, xs, ys, area)}`;
}

/** Line of the limit, named where no line of the figure passes. */
function limitLine(
  { value, label }: NonNullable<LineChart['limit']>,
  ys: Scale,
  { left, right }: Area,
  xs: Scale,
  series: readonly Drawn[],
): Markup {
  const y = ys.place(value);
  const half = textWidth(label) + 8;
  const isFree = (from: number, to: number, top: number) =>
    series.every(({ points }) =>
      points.every((each) => xs.place(each.x) < from || xs.place(each.x) > to || Math.abs(ys.place(each.y) - top) > 14),
    );
  const atLeft = !isFree(right - half, right, y - 9) && isFree(left, left + half, y - 9);
  const [x, anchor] = atLeft ? [left + 4, 'start'] : [right - 4, 'end'];
  return html`<line class="limit" x1="${at(left)}" x2="${at(right)}" y1="${at(y)}" y2="${at(y)}"/><text class="limit" x="${at(x)}" y="${at(y - 5)}" text-anchor="${anchor}">${label}</text>`;
}

function line(points: readonly Pick<Point, 'x' | 'y'>[], xs: Scale, ys: Scale, kind: string): Markup {
  const places = points.map(({ x, y }) => `${at(xs.place(x))},${at(ys.place(y ?? 0))}`).join(' ');
  return html`<polyline class="${kind}" points="${places}"/>`;
}

function drawn({ points, color, style, shape = 0 }: Drawn, xs: Scale, ys: Scale): Markup {
  const marks = points.map(({ x, y, bounds, title, isMarked = false }) => {
    const [left, top] = [xs.place(x), ys.place(y)];
    const least = Math.min(y, ys.ticks[0] ?? 0);
    const [low, high] = (bounds ?? [y, y]).map((bound) => at(ys.place(Math.max(bound, least))));
    return html`${bounds && html`<line class="bounds" x1="${at(left)}" x2="${at(left)}" y1="${low}" y2="${high}"/>`}${isMarked && html`<circle class="ring" cx="${at(left)}" cy="${at(top)}" r="7"/>`}${mark(shape, left, top, html`<title>${title}</title>`)}`;
  });
  return html`<g class="c${color}${style === 'simulated' ? ' hollow' : ''}">${line(points, xs, ys, 'line')}${marks}</g>`;
}
