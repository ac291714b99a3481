import { count } from '../../format.js';
import { html, type Markup } from '../../html/markup.js';
import { tick } from '../axis.js';
import type { BarChart, BarGroup, Unit } from '../chart.js';
import { type Area, at, framed, HEIGHT, legend, verticalAxis } from './frame.js';
import { linear } from './scale.js';
import { fitted, textWidth } from './text-width.js';

/** Draws groups of bars from zero, with error bars for their bounds. */
export function barFigure(figure: BarChart): Markup {
  const bars = figure.groups.flatMap((group) => group.bars);
  const entries = [...new Map(bars.map((bar) => [`${bar.label} ${bar.isHollow}`, bar])).values()];
  return framed(
    figure.title,
    figure.note,
    (width) => drawing(figure, width),
    () => legend(entries.map(({ label, color, isHollow }) => ({ label, color, isHollow }))),
  );
}

function drawing({ y, groups }: BarChart, width: number): Markup {
  const bars = groups.flatMap((group) => group.bars);
  const tall = { top: 40, bottom: HEIGHT - 46 };
  const highest = Math.max(...bars.map(({ value, bounds }) => Math.max(value, bounds?.[1] ?? 0)));
  const ys = linear(highest, tall.bottom, tall.top);
  const left = 14 + Math.max(...ys.ticks.map((value) => textWidth(tick(y.unit, value))));
  const area: Area = { ...tall, left, right: width - 4 };
  const each = (area.right - area.left) / groups.length;
  const thick = Math.min(54, (each * 0.84) / Math.max(...groups.map((group) => group.bars.length)));
  const numbers = bars.map((bar) => brief(y.unit, bar.value, highest) + (bar.mark ?? ''));
  const isNumbered = numbers.every((text) => textWidth(text, 11) <= thick + 1);
  const drawn = groups.map((group, index) => {
    const first = area.left + each * (index + 0.5) - (thick * group.bars.length) / 2;
    return group.bars.map((bar, place) => {
      const x = first + thick * place;
      const top = ys.place(bar.value);
      const center = at(x + thick / 2);
      const gap = Math.min(1, thick / 8);
      const [low, high] = bar.bounds ?? [bar.value, bar.value];
      const above = Math.min(top, ys.place(high)) - 5;
      const number = isNumbered ? brief(y.unit, bar.value, highest) + (bar.mark ?? '') : bar.mark;
      return html`<g class="c${bar.color}${bar.isHollow ? ' hollow' : ''}"><rect class="bar" x="${at(x + gap)}" y="${at(top)}" width="${at(thick - 2 * gap)}" height="${at(area.bottom - top)}"><title>${bar.title}</title></rect>${bar.bounds && html`<line class="whisker" x1="${center}" x2="${center}" y1="${at(ys.place(low))}" y2="${at(ys.place(high))}"/>`}${number && html`<text class="beside" x="${center}" y="${at(above)}" text-anchor="middle">${number}</text>`}</g>`;
    });
  });
  return html`${verticalAxis(area, ys, y)}<line class="mark" x1="${at(area.left)}" x2="${at(area.right)}" y1="${at(area.bottom)}" y2="${at(area.bottom)}"/>${drawn}${innerLabels(groups, area, each)}${outerLabels(groups, area, each)}`;
}

/** Number above a bar, in the unit of the highest. */
function brief(unit: Unit, value: number, highest: number): string {
  const shown = unit === 'time' && highest >= 1000 ? value / 1000 : value;
  return count(Number(shown.toPrecision(shown >= 1000 ? 4 : shown < 1 ? 2 : 3)));
}

/** Labels below groups. Their common word once, where room is short. */
function innerLabels(groups: readonly BarGroup[], area: Area, each: number): Markup {
  const labels = groups.map(({ label }) => label);
  const y = at(area.bottom + 16);
  const fits = (texts: readonly string[]) => texts.every((text) => textWidth(text) <= each - 4);
  const [word = ''] = labels[0]?.split(' ') ?? [];
  const isCommon = !fits(labels) && word !== '' && labels.every((label) => label.startsWith(`${word} `));
  const shown = isCommon ? labels.map((label) => label.slice(word.length + 1)) : labels;
  return html`${isCommon && html`<text class="tick" x="${at(area.left - 6)}" y="${y}" text-anchor="end">${word}</text>`}${shown.map(
    (text, index) =>
      text !== '' &&
      html`<text class="tick" x="${at(area.left + each * (index + 0.5))}" y="${y}" text-anchor="middle">${fitted(text, each - 4)}</text>`,
  )}`;
}

/** Common labels of neighboring groups, under a line across them. */
function outerLabels(groups: readonly BarGroup[], area: Area, each: number): Markup {
  const spans: { text: string; from: number; to: number }[] = [];
  for (const [index, { over }] of groups.entries()) {
    const last = spans.at(-1);
    if (last?.text === over) last.to = index + 1;
    else spans.push({ text: over, from: index, to: index + 1 });
  }
  const isLined = spans.length > 1;
  return html`${spans.map(({ text, from, to }) => {
    const [left, right] = [area.left + each * from + 4, area.left + each * to - 4];
    return html`${isLined && html`<line class="span" x1="${at(left)}" x2="${at(right)}" y1="${at(area.bottom + 23)}" y2="${at(area.bottom + 23)}"/>`}<text class="axis" x="${at((left + right) / 2)}" y="${at(area.bottom + 38)}" text-anchor="middle">${fitted(text, right - left + 6)}</text>`;
  })}`;
}
