import uPlot from 'uplot';
import { full, tick } from '../../document/axis.js';
import type { Unit } from '../../document/chart.js';
import type { Plotted } from '../../document/plotted.js';
import { NO_NUMBER } from '../../format.js';

const HEIGHT = 236;
const FAMILY = 'system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif';
const FONT = `12px ${FAMILY}`;

/** Room above the plot for the name of y. */
const NAME_ROOM = 24;

/** Distances of marks on a time axis, in seconds. */
const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];

const colorOf = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Draws a chart in an element of the page. */
export function draw(place: HTMLElement, chart: Plotted): uPlot {
  const { x, y, xs, lines } = chart;
  const isTime = x.unit === 'seconds';
  const isNarrow = place.clientWidth < 420;
  const axis = {
    stroke: colorOf('--muted'),
    font: FONT,
    grid: { stroke: colorOf('--grid'), width: 1 },
    ticks: { show: false },
  };
  const isBars = lines.some(({ style }) => style === 'bars');
  const step = (xs[1] ?? 1) - (xs[0] ?? 0);
  const options: uPlot.Options = {
    width: place.clientWidth,
    height: HEIGHT + (isNarrow ? 0 : 14),
    padding: [NAME_ROOM, 12, 0, 0],
    legend: { markers: { width: 3 } },
    cursor: { ...(isTime && { sync: { key: 'time' } }), y: false, drag: { x: !isBars, y: false } },
    scales: {
      x: {
        time: false,
        range: (_, min, max) => (isBars ? [0, max + step / 2] : [isTime ? Math.max(0, min) : 0, max || 1]),
      },
      y: { range: (_, __, max) => [0, Math.max(y.reach ?? 0, (max || 1) * 1.06)] },
    },
    axes: [
      {
        ...axis,
        ...(isTime && { incrs: SECONDS }),
        label: x.name,
        labelFont: FONT,
        labelSize: 18,
        labelGap: 0,
        space: 64,
        size: 28,
        values: (_, ticks) => ticks.map((value) => tick(x.unit, value)),
      },
      {
        ...axis,
        values: (_, ticks) => ticks.map((value) => tick(y.unit, value)),
        size: (_, texts) => 14 + 7 * Math.max(2, ...(texts ?? []).map(({ length }) => length)),
      },
    ],
    series: [
      {
        label: isBars ? 'up to' : x.name,
        value: (_, value, __, index) => written(x.unit, isBars && value !== null ? value + step / 2 : value, index),
      },
      ...lines.map((line) => seriesOf(line, y.unit)),
    ],
    hooks: {
      drawAxes: [(plot) => shade(plot, chart)],
      draw: [(plot) => nameY(plot, chart), (plot) => mark(plot, chart)],
    },
  };
  place.replaceChildren();
  return new uPlot(options, [[...xs], ...lines.map(({ values }) => [...values])], place);
}

/** Value under the cursor; empty where there is no cursor. */
function written(unit: Unit, value: number | null, index: number | null | undefined): string {
  if (index === null || index === undefined) return '';
  return value === null || Number.isNaN(value) ? NO_NUMBER : full(unit, value);
}

function seriesOf({ label, color, style }: Plotted['lines'][number], unit: Unit): uPlot.Series {
  const stroke = colorOf(`--line-${color}`);
  const filled = style === 'area' || style === 'bars';
  const paths = {
    bars: () => uPlot.paths.bars?.({ size: [1, 1000], gap: 1 }),
    steps: () => uPlot.paths.stepped?.({ align: 1 }),
  };
  const path = style === 'bars' || style === 'steps' ? paths[style]() : undefined;
  return {
    label,
    stroke,
    width: style === 'bars' ? 0 : 1.75,
    ...((style === 'dashed' || style === 'simulated') && { dash: [6, 5] }),
    ...(filled && { fill: stroke + (style === 'bars' ? 'd0' : '2e') }),
    ...(path && { paths: path }),
    value: (_, value, __, index) => written(unit, value, index),
    // A number between two gaps has no line, so it gets a dot.
    points:
      style === 'marked' || style === 'simulated'
        ? { show: true, size: 6, fill: style === 'marked' ? stroke : colorOf('--card') }
        : { show: style !== 'bars', size: 4, filter: (plot, index) => alone(plot.data[index] ?? []) },
  };
}

function alone(values: ArrayLike<number | null | undefined>): number[] {
  const found: number[] = [];
  for (let index = 0; index < values.length; index += 1) {
    if (values[index] != null && values[index - 1] == null && values[index + 1] == null) found.push(index);
  }
  return found;
}

/** Shades a range of x behind the lines. */
function shade({ ctx, bbox, valToPos }: uPlot, { shaded }: Plotted): void {
  if (!shaded) return;
  const [from, to] = [shaded.from, shaded.to].map((at) =>
    Math.min(bbox.left + bbox.width, Math.max(bbox.left, valToPos(at, 'x', true))),
  ) as [number, number];
  ctx.save();
  ctx.fillStyle = colorOf('--shade');
  ctx.fillRect(from, bbox.top, to - from, bbox.height);
  ctx.restore();
}

/** Writes the name of y above its numbers. */
function nameY({ ctx, bbox }: uPlot, { y }: Plotted): void {
  ctx.save();
  ctx.fillStyle = colorOf('--text');
  ctx.font = `${12 * devicePixelRatio}px ${FAMILY}`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.fillText(y.name, 2 * devicePixelRatio, bbox.top - 11 * devicePixelRatio);
  ctx.restore();
}

/** Draws and names positions on x. */
function mark({ ctx, bbox, valToPos }: uPlot, { marks = [] }: Plotted): void {
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = colorOf('--text');
  ctx.lineWidth = devicePixelRatio;
  ctx.font = `${11 * devicePixelRatio}px ${FAMILY}`;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const [row, { at, label }] of marks.entries()) {
    const left = valToPos(at, 'x', true);
    if (left > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(left, bbox.top);
    ctx.lineTo(left, bbox.top + bbox.height);
    ctx.stroke();
    const flipped = left + 40 * devicePixelRatio > bbox.left + bbox.width;
    ctx.textAlign = flipped ? 'right' : 'left';
    // Names are stacked, since positions may be close.
    ctx.fillText(label, left + (flipped ? -4 : 4) * devicePixelRatio, bbox.top + (12 + 14 * row) * devicePixelRatio);
  }
  ctx.restore();
}
