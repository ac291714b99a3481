import { html, type Markup } from '../../html/markup.js';
import { tick } from '../axis.js';
import type { Axis, Line, Point } from '../chart.js';
import type { Scale } from './scale.js';
import { textWidth } from './text-width.js';

/** Widths that each figure is drawn for. The page shows the one that fits. */
const WIDTHS = { wide: 560, narrow: 340 } as const;
export const HEIGHT = 340;

/** Line without gaps. */
export interface Drawn extends Line {
  readonly points: readonly (Point & { readonly y: number })[];
}

/** Plot area, in the figure's own units. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Figure with its title and legend, drawn for screens and for phones. */
export function framed(
  title: string,
  note: string | undefined,
  draw: (width: number) => Markup,
  below?: (width: number) => Markup | undefined,
): Markup {
  const drawings = (['wide', 'narrow'] as const).map((name) => {
    const width = WIDTHS[name];
    return html`<div class="${name}"><svg viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label="${title}">${draw(width)}</svg>${below?.(width)}</div>`;
  });
  return html`<figure>
<h3>${title}</h3>
${note !== undefined && html`<p>${note}</p>`}<div class="drawn">${drawings}</div>
</figure>`;
}

/** Horizontal grid lines with their numbers, and the axis name above. */
export function verticalAxis({ left, right, top }: Area, scale: Scale, { name, unit }: Axis): Markup {
  const lines = scale.ticks.map((value) => {
    const y = at(scale.place(value));
    return html`<line class="grid" x1="${at(left)}" x2="${at(right)}" y1="${y}" y2="${y}"/><text class="tick" x="${at(left - 6)}" y="${y}" dy="4" text-anchor="end">${tick(unit, value)}</text>`;
  });
  return html`${lines}<text class="axis" x="2" y="${at(top - 14)}">${name}</text>`;
}

/** Numbers below the marks of x that fit, and the axis name. The last always fits. */
export function horizontalAxis({ left, right, bottom }: Area, scale: Scale, { name, unit }: Axis): Markup {
  let free = Number.POSITIVE_INFINITY;
  const marks = scale.ticks.toReversed().map((value) => {
    const x = scale.place(value);
    const text = tick(unit, value);
    const half = textWidth(text) / 2 + 3;
    const isShown = x + half <= free;
    if (isShown) free = x - half;
    return html`<line class="mark" x1="${at(x)}" x2="${at(x)}" y1="${at(bottom)}" y2="${at(bottom + 4)}"/>${isShown && html`<text class="tick" x="${at(x)}" y="${at(bottom + 17)}" text-anchor="middle">${text}</text>`}`;
  });
  return html`<line class="mark" x1="${at(left)}" x2="${at(right)}" y1="${at(bottom)}" y2="${at(bottom)}"/>${marks}<text class="axis" x="${at((left + right) / 2)}" y="${at(bottom + 36)}" text-anchor="middle">${name}</text>`;
}

/** Coordinate with one decimal, which is enough to see. */
export function at(place: number): string {
  return String(Math.round(place * 10) / 10);
}

/** Number of point shapes, which tell apart lines of one color. */
const SHAPES = 4;

/** Point at a position; `inside` is nested in it. */
export function mark(shape: number, x: number, y: number, inside?: Markup): Markup {
  const corners = (places: readonly (readonly [number, number])[]) =>
    html`<polygon class="point" points="${places.map(([dx, dy]) => `${at(x + dx)},${at(y + dy)}`).join(' ')}">${inside}</polygon>`;
  switch (shape % SHAPES) {
    case 1:
      return corners([
        [-3.4, -3.4],
        [3.4, -3.4],
        [3.4, 3.4],
        [-3.4, 3.4],
      ]);
    case 2:
      return corners([
        [0, -4.6],
        [4.4, 3.4],
        [-4.4, 3.4],
      ]);
    case 3:
      return corners([
        [0, -5],
        [5, 0],
        [0, 5],
        [-5, 0],
      ]);
    default:
      return html`<circle class="point" cx="${at(x)}" cy="${at(y)}" r="3.6">${inside}</circle>`;
  }
}

/** Legend entry: a color, and the shape of its points. */
export interface Key {
  readonly label: string;
  readonly color: number;
  /** True if not measured. */
  readonly isHollow: boolean;
  /** Shape of points; undefined for bars. */
  readonly shape?: number;
}

/** Legend of the colors and shapes of a figure. */
export function legend(keys: readonly Key[], more?: Markup): Markup {
  return html`<div class="legend">${keys.map(
    ({ label, color, isHollow, shape }) =>
      html`<span><svg class="key c${color}${isHollow ? ' hollow' : ''}" viewBox="0 0 26 12">${shape === undefined ? html`<rect class="bar" x="7" y="1" width="12" height="10"/>` : html`<line class="line" x1="1" x2="25" y1="6" y2="6"/>${mark(shape, 13, 6)}`}</svg>${label}</span>`,
  )}${more}</div>
`;
}
