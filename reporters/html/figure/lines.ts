import { html, type Markup } from '../markup.js';
import { type Area, type Axis, at, framed, HEIGHT, horizontalAxis, legend, mark, verticalAxis } from './frame.js';
import { lineNames, namesWidth, pointLabels } from './labels.js';
import { linear, logarithmic, type Scale } from './scale.js';
import type { Point, Series } from './series.js';
import { textWidth } from './text-width.js';

/** Line chart over x and y. */
export interface LineFigure {
  readonly title: string;
  readonly note?: string;
  /** Axis of x. With `levels`, marks at these values on a logarithmic scale; else linear from zero. */
  readonly x: Axis & { readonly levels?: readonly number[] };
  /** Axis of y. `isWide`: logarithmic where values are far apart. */
  readonly y: Axis & { readonly isWide?: boolean };
  /** Named in a legend, not at the line ends. */
  readonly isCrossed?: boolean;
  readonly series: readonly Series[];
  /** Limit of y, drawn as a line. */
  readonly limit?: { readonly value: number; readonly label: string };
  /** Further line behind all others. */
  readonly behind?: { readonly label: string; readonly points: readonly Pick<Point, 'x' | 'y'>[] };
}

/** Factor beyond which values are far apart. */
const FAR_APART = 25;

/** Draws lines, named at their ends, or in a legend if crowded. */
export function lineFigure(figure: LineFigure): Markup {
  const { title, note, isCrossed = false, series, behind } = figure;
  const isNamed = (width: number) => !isCrossed && namesWidth(series, width) !== undefined;
  const front =
    behind &&
    html`<span><svg class="key" viewBox="0 0 26 12"><line class="front" x1="2" x2="24" y1="6" y2="6"/></svg>${behind.label}</span>`;
  return framed(
    title,
    note,
    (width) => drawing(figure, width, isNamed(width)),
    (width) => {
      const keys = isNamed(width) ? [] : series.map((each) => ({ shape: 0, ...each }));
      return keys.length > 0 || front ? legend(keys, front) : undefined;
    },
  );
}

function drawing({ x, y, series, behind, limit }: LineFigure, width: number, isNamed: boolean): Markup {
  const points = series.flatMap((each) => each.points);
  const values = [...points.map((each) => each.y), ...(limit ? [limit.value] : [])];
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const isFar = y.isWide === true && lowest > 0 && highest / lowest > FAR_APART;
  const tall = { top: 40, bottom: HEIGHT - 46 };
  const ys = isFar ? logarithmic(lowest, highest, tall.bottom, tall.top) : linear(highest, tall.bottom, tall.top);
  const left = 14 + Math.max(...ys.ticks.map((tick) => textWidth(y.write(tick))));
  const right = width - 16 - (isNamed ? (namesWidth(series, width) ?? 0) : 0);
  const area: Area = { ...tall, left, right };
  const farthest = Math.max(...points.map((each) => each.x));
  const [first = 1, last = 1] = [x.levels?.[0], x.levels?.at(-1)];
  const xs = x.levels
    ? logarithmic(first, last, area.left + 10, area.right - 10, x.levels)
    : linear(farthest, area.left, area.right - 10);
  const lines = series.map((each) => drawn(each, xs, ys));
  const label = isFar ? `${y.label}, logarithmic` : y.label;
  return html`${verticalAxis(area, ys, { ...y, label })}${horizontalAxis(area, xs, x)}${limit && limitLine(limit, ys, area, xs, series)}${behind && line(behind.points, xs, ys, 'front')}${lines}${pointLabels(series, xs, ys, area, isNamed ? 0 : 14)}${isNamed && lineNames(series, xs, ys, area)}`;
}

/** Line of the limit, named where no line of the figure passes. */
function limitLine(
  { value, label }: NonNullable<LineFigure['limit']>,
  ys: Scale,
  { left, right }: Area,
  xs: Scale,
  series: readonly Series[],
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
  const places = points.map(({ x, y }) => `${at(xs.place(x))},${at(ys.place(y))}`).join(' ');
  return html`<polyline class="${kind}" points="${places}"/>`;
}

function drawn({ points, color, isHollow, shape = 0 }: Series, xs: Scale, ys: Scale): Markup {
  const marks = points.map(({ x, y, bounds, title, isMarked = false }) => {
    const [left, top] = [xs.place(x), ys.place(y)];
    const least = Math.min(y, ys.ticks[0] ?? 0);
    const [low, high] = (bounds ?? [y, y]).map((bound) => at(ys.place(Math.max(bound, least))));
    return html`${bounds && html`<line class="bounds" x1="${at(left)}" x2="${at(left)}" y1="${low}" y2="${high}"/>`}${isMarked && html`<circle class="ring" cx="${at(left)}" cy="${at(top)}" r="7"/>`}${mark(shape, left, top, html`<title>${title}</title>`)}`;
  });
  return html`<g class="c${color}${isHollow ? ' hollow' : ''}">${line(points, xs, ys, 'line')}${marks}</g>`;
}
