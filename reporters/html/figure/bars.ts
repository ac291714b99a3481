import { html, type Markup } from '../markup.js';
import { type Area, type Axis, at, framed, HEIGHT, legend, textWidth, verticalAxis, WIDTH } from './frame.js';
import { linear } from './scale.js';

/** Bar with its bounds and its tooltip. */
export interface Bar {
  /** Meaning of its color. */
  readonly label: string;
  readonly color: number;
  /** Hatched, for figures that were not measured. */
  readonly isHollow: boolean;
  readonly value: number;
  readonly bounds?: readonly [low: number, high: number] | undefined;
  readonly title: string;
}

/** Bars grouped side by side. */
export interface BarFigure {
  readonly title: string;
  readonly note?: string;
  /** `brief` writes the number above a bar, given the highest. */
  readonly y: Axis & { readonly brief: (value: number, highest: number) => string };
  readonly groups: readonly { readonly label: string; readonly bars: readonly Bar[] }[];
}

/** Least width of bars with numbers above them. */
const NUMBERED = 22;

/** Draws groups of bars from zero, with error bars for their bounds. */
export function barFigure({ title, note, y, groups }: BarFigure): Markup {
  const bars = groups.flatMap((group) => group.bars);
  const tall = { top: 34, bottom: HEIGHT - 46 };
  const highest = Math.max(...bars.map(({ value, bounds }) => Math.max(value, bounds?.[1] ?? 0)));
  const ys = linear(highest, tall.bottom, tall.top);
  const left = 16 + Math.max(...ys.ticks.map((tick) => textWidth(y.write(tick))));
  const area: Area = { ...tall, left, right: WIDTH - 8 };
  const each = (area.right - area.left) / groups.length;
  const thick = Math.min(54, (each * 0.84) / Math.max(...groups.map((group) => group.bars.length)));
  const drawing = groups.map((group, index) => {
    const middle = area.left + each * (index + 0.5);
    const first = middle - (thick * group.bars.length) / 2;
    return html`${group.bars.map((bar, place) => {
      const x = first + thick * place;
      const top = ys.place(bar.value);
      const center = at(x + thick / 2);
      const [low, high] = bar.bounds ?? [bar.value, bar.value];
      const above = Math.min(top, ys.place(high)) - 5;
      return html`<g class="c${bar.color}${bar.isHollow ? ' hollow' : ''}"><rect class="bar" x="${at(x + 1)}" y="${at(top)}" width="${at(thick - 2)}" height="${at(area.bottom - top)}"><title>${bar.title}</title></rect>${bar.bounds && html`<line class="whisker" x1="${center}" x2="${center}" y1="${at(ys.place(low))}" y2="${at(ys.place(high))}"/>`}${thick >= NUMBERED && html`<text class="beside" x="${center}" y="${at(above)}" text-anchor="middle">${y.brief(bar.value, highest)}</text>`}</g>`;
    })}${wrapped(group.label, each).map(
      (text, row) =>
        html`<text class="tick" x="${at(middle)}" y="${at(area.bottom + 16 + 14 * row)}" text-anchor="middle">${text}</text>`,
    )}`;
  });
  const entries = [...new Map(bars.map((bar) => [`${bar.label} ${bar.isHollow}`, bar])).values()];
  const below = legend(entries.map(({ label, color, isHollow }) => ({ label, color, isHollow })));
  const axis = verticalAxis(area, ys, y);
  return framed(
    title,
    note,
    html`${axis}<line class="mark" x1="${at(area.left)}" x2="${at(area.right)}" y1="${at(area.bottom)}" y2="${at(area.bottom)}"/>${drawing}`,
    below,
  );
}

/** Text broken into lines after commas and before brackets. Keeps `TP 1` whole. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const piece of text.split(/(?<=,) | (?=\()/)) {
    const joined = [...lines.slice(-1), piece].join(' ');
    if (lines.length > 0 && textWidth(joined) <= width - 8) lines[lines.length - 1] = joined;
    else lines.push(piece);
  }
  return lines;
}
