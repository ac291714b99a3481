import { html, type Markup } from '../../html/markup.js';
import { type Area, at, type Drawn } from './frame.js';
import type { Scale } from './scale.js';
import { textWidth } from './text-width.js';

/** Most lines named at their ends; more are named in a legend. */
const MOST_NAMED = 8;

/** Most that names at line ends may take of a figure's width. */
const MOST_WIDTH = 0.3;

/** Height of a line of text. */
const LINE = 14;

/** Width of names beside line ends; undefined if too wide. */
export function namesWidth(series: readonly Drawn[], width: number): number | undefined {
  // Names are bold.
  const widest = Math.max(0, ...series.map(({ label }) => 1.06 * textWidth(label)));
  return series.length <= MOST_NAMED && widest <= MOST_WIDTH * width ? widest : undefined;
}

/** Names of lines beside their ends, without overlap. */
export function lineNames(series: readonly Drawn[], xs: Scale, ys: Scale, area: Area): Markup {
  const ends = series.flatMap(({ label, color, points }) => {
    const last = points.at(-1);
    return last ? [{ label, color, y: ys.place(last.y) }] : [];
  });
  const right = Math.max(...series.flatMap(({ points }) => points.slice(-1).map(({ x }) => xs.place(x))));
  let free = area.top - 8;
  const placed = ends
    .toSorted((a, b) => a.y - b.y)
    .map((end) => {
      free = Math.max(end.y + 4, free + LINE + 1);
      return { ...end, y: free };
    });
  // Names pushed below the figure move up again, together with their neighbors.
  let floor = area.bottom + 4;
  const settled = placed.toReversed().map((end) => {
    const y = Math.min(end.y, floor);
    floor = y - LINE - 1;
    return { ...end, y };
  });
  return html`${settled.map(
    ({ label, color, y }) => html`<text class="name c${color}" x="${at(right + 12)}" y="${at(y)}">${label}</text>`,
  )}`;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Labels of points where they cover nothing. `beyond`: pixels free right of the area. */
export function pointLabels(series: readonly Drawn[], xs: Scale, ys: Scale, area: Area, beyond: number): Markup {
  const points = series.flatMap((each) =>
    each.points.map((point) => ({ ...point, left: xs.place(point.x), top: ys.place(point.y) })),
  );
  const taken: Box[] = points.map(({ left, top, isMarked }) => around(left, top, isMarked ? 7 : 4));
  const asked = points.filter(({ label }) => label !== undefined);
  const first = asked.toSorted((a, b) => Number(b.isMarked ?? false) - Number(a.isMarked ?? false));
  return html`${first.map(({ left, top, label = '', isMarked = false }) => {
    const width = textWidth(label, 11);
    const box = places(left, top, width).find(
      (each) => isWithin(each, area, beyond) && !taken.some((other) => over(each, other)),
    );
    if (!box) return undefined;
    taken.push(box);
    return html`<text class="beside${isMarked ? '' : ' faint'}" x="${at(box.left)}" y="${at(box.bottom - 3)}">${label}</text>`;
  })}`;
}

/** Boxes of a label beside a point, the best first. */
function places(left: number, top: number, width: number): readonly Box[] {
  const box = (x: number, y: number): Box => ({ left: x, right: x + width, top: y - 10, bottom: y + 3 });
  return [
    box(left + 8, top - 6),
    box(left - 8 - width, top - 6),
    box(left - width / 2, top - 10),
    box(left + 8, top + 14),
    box(left - 8 - width, top + 14),
    box(left - width / 2, top + 19),
  ];
}

function around(left: number, top: number, reach: number): Box {
  return { left: left - reach, right: left + reach, top: top - reach, bottom: top + reach };
}

function isWithin(box: Box, area: Area, beyond: number): boolean {
  return (
    box.left >= area.left && box.right <= area.right + beyond && box.top >= area.top - 14 && box.bottom <= area.bottom
  );
}

function over(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
