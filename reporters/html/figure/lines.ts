import { html, type Markup } from '../markup.js';
import {
  type Area,
  type Axis,
  at,
  framed,
  HEIGHT,
  horizontalAxis,
  legend,
  mark,
  textWidth,
  verticalAxis,
  WIDTH,
} from './frame.js';
import { linear, logarithmic, type Scale } from './scale.js';

/** Point of a line, with the bounds of y and its tooltip. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly bounds?: readonly [low: number, high: number] | undefined;
  readonly title: string;
  /** Text written beside it. */
  readonly label?: string;
  /** Drawn larger, with a ring. */
  readonly isMarked?: boolean;
}

/** Points in order, joined by a line. */
export interface Series {
  readonly label: string;
  readonly color: number;
  /** Dashed, with hollow points, for figures that were not measured. */
  readonly isHollow: boolean;
  /** Shape of its points: 0 circle, 1 square, 2 triangle, 3 diamond. */
  readonly shape?: number;
  readonly points: readonly Point[];
}

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

/** Most lines named at their ends; more are named in a legend. */
const MOST_NAMED = 8;

/** Factor beyond which values are far apart. */
const FAR_APART = 25;

/** Draws lines, named at their ends, or in a legend if crowded. */
export function lineFigure({ title, note, x, y, isCrossed = false, series, behind, limit }: LineFigure): Markup {
  const points = series.flatMap((each) => each.points);
  const isNamed = !isCrossed && series.length <= MOST_NAMED;
  const widest = isNamed ? Math.max(0, ...series.map(({ label }) => textWidth(label))) : 0;
  const values = [...points.map((each) => each.y), ...(limit ? [limit.value] : [])];
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const isFar = y.isWide === true && lowest > 0 && highest / lowest > FAR_APART;
  const tall = { top: 34, bottom: HEIGHT - 46 };
  const ys = isFar ? logarithmic(lowest, highest, tall.bottom, tall.top) : linear(highest, tall.bottom, tall.top);
  const left = 16 + Math.max(...ys.ticks.map((tick) => textWidth(y.write(tick))));
  const area: Area = { ...tall, left, right: WIDTH - 14 - Math.min(widest, 170) };
  const farthest = Math.max(...points.map((each) => each.x));
  const [first = 1, last = 1] = [x.levels?.[0], x.levels?.at(-1)];
  const xs = x.levels
    ? logarithmic(first, last, area.left + 10, area.right - 10, x.levels)
    : linear(farthest, area.left, area.right - 10);
  const drawing = html`${verticalAxis(area, ys, isFar ? { ...y, label: `${y.label}, logarithmic` } : y)}${horizontalAxis(area, xs, x)}${limit && limitLine(limit, ys, area)}${behind && line(behind.points, xs, ys, 'front')}${series.map((each) => drawn(each, xs, ys))}${isNamed && names(series, xs, ys, area)}`;
  const front =
    behind &&
    html`<span><svg class="drawn" viewBox="0 0 26 12"><line class="front" x1="2" x2="24" y1="6" y2="6"/></svg>${behind.label}</span>`;
  const keys = isNamed ? [] : series.map((each) => ({ shape: 0, ...each }));
  return framed(title, note, drawing, keys.length > 0 || front ? legend(keys, front) : undefined);
}

function limitLine({ value, label }: NonNullable<LineFigure['limit']>, ys: Scale, { left, right }: Area): Markup {
  const y = ys.place(value);
  return html`<line class="limit" x1="${at(left)}" x2="${at(right)}" y1="${at(y)}" y2="${at(y)}"/><text class="limit" x="${at(right - 4)}" y="${at(y + 13)}" text-anchor="end">${label}</text>`;
}

function line(points: readonly Pick<Point, 'x' | 'y'>[], xs: Scale, ys: Scale, kind: string): Markup {
  const places = points.map(({ x, y }) => `${at(xs.place(x))},${at(ys.place(y))}`).join(' ');
  return html`<polyline class="${kind}" points="${places}"/>`;
}

function drawn({ points, color, isHollow, shape = 0 }: Series, xs: Scale, ys: Scale): Markup {
  const marks = points.map(({ x, y, bounds, title, label, isMarked = false }) => {
    const [left, top] = [xs.place(x), ys.place(y)];
    const least = Math.min(y, ys.ticks[0] ?? 0);
    const [low, high] = (bounds ?? [y, y]).map((bound) => at(ys.place(Math.max(bound, least))));
    return html`${bounds && html`<line class="bounds" x1="${at(left)}" x2="${at(left)}" y1="${low}" y2="${high}"/>`}${isMarked && html`<circle class="ring" cx="${at(left)}" cy="${at(top)}" r="7"/>`}${mark(shape, left, top, html`<title>${title}</title>`)}${label !== undefined && html`<text class="beside" x="${at(left + 9)}" y="${at(top - 7)}">${label}</text>`}`;
  });
  return html`<g class="c${color}${isHollow ? ' hollow' : ''}">${line(points, xs, ys, 'line')}${marks}</g>`;
}

/** Names of lines beside their ends, without overlap. */
function names(series: readonly Series[], xs: Scale, ys: Scale, area: Area): Markup {
  const ends = series.flatMap(({ label, color, points }) => {
    const last = points.at(-1);
    return last ? [{ label, color, x: xs.place(last.x), y: ys.place(last.y) }] : [];
  });
  let free = area.top - 8;
  const placed = ends
    .toSorted((a, b) => a.y - b.y)
    .map((end) => {
      free = Math.max(end.y + 4, free + 14);
      return { ...end, y: free };
    });
  // Names pushed below the figure move up again, together with their neighbors.
  let floor = area.bottom + 4;
  const settled = placed.toReversed().map((end) => {
    const y = Math.min(end.y, floor);
    floor = y - 14;
    return { ...end, y };
  });
  return html`${settled.map(
    ({ label, color, x, y }) => html`<text class="name c${color}" x="${at(x + 10)}" y="${at(y)}">${label}</text>`,
  )}`;
}
