import { tick } from '../../document/axis.js';
import type { LaneBar, LaneChart } from '../../document/lanes.js';
import type { Range } from './lane-view.js';

const FAMILY = 'system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif';

/** Room for the names of rows. Where rows are lower than letters, none. */
export const NAMES = 62;

/** Distances of marks, in seconds. */
const STEPS = [0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 86_400];

const colorOf = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Place of lanes on a canvas, and their range of time. In pixels of the page. */
export interface Shape {
  readonly width: number;
  readonly left: number;
  readonly rowHeight: number;
  readonly range: Range;
}

/** Context of a canvas of this size, in pixels of the page. */
export function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const [across, down] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext('2d');
  context?.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}

/** Writes the time above the lanes. */
export function drawTime(context: CanvasRenderingContext2D | null, { width, left, range }: Shape): void {
  if (!context) return;
  const scale = (width - left) / (range.to - range.from);
  const step = STEPS.find((each) => each * scale >= 70) ?? 86_400;
  context.font = `12px ${FAMILY}`;
  context.fillStyle = colorOf('--muted');
  context.textAlign = 'center';
  for (let at = Math.ceil(range.from / step) * step; at <= range.to; at += step) {
    const x = left + (at - range.from) * scale;
    const text = step < 1 ? `${at.toFixed(step < 0.01 ? 3 : 2)} s` : tick('seconds', at);
    if (x > left + 12 && x < width - 18) context.fillText(text, x, 15);
  }
}

/** Draws the rows that are seen. */
export function drawRows(
  context: CanvasRenderingContext2D | null,
  shape: Shape,
  { rows, kinds }: LaneChart,
  scrolled: number,
  seen: number,
): void {
  if (!context) return;
  const { left, rowHeight } = shape;
  const paint = {
    spans: kinds.map(({ color }) => colorOf(`--line-${color}`)),
    life: colorOf('--edge'),
    bad: colorOf('--bad'),
  };
  const first = Math.floor(scrolled / rowHeight);
  const last = Math.min(rows.length, Math.ceil((scrolled + seen) / rowHeight));
  for (let index = first; index < last; index += 1) {
    const { label, bars } = rows[index]!;
    const top = index * rowHeight - scrolled;
    for (const bar of bars) drawBar(context, shape, bar, top, paint);
    if (left < NAMES || label === '') continue;
    context.fillStyle = colorOf('--muted');
    context.font = `11px ${FAMILY}`;
    context.textAlign = 'right';
    context.fillText(label, left - 6, top + rowHeight / 2 + 4, left - 8);
  }
}

interface Paint {
  readonly spans: readonly string[];
  readonly life: string;
  readonly bad: string;
}

function drawBar(
  context: CanvasRenderingContext2D,
  { width, left, rowHeight, range }: Shape,
  { from, to, spans, mark }: LaneBar,
  top: number,
  paint: Paint,
): void {
  if (to < range.from || from > range.to) return;
  const scale = (width - left) / (range.to - range.from);
  const xOf = (at: number) => Math.min(width, Math.max(left, left + (at - range.from) * scale));
  const high = Math.max(2, rowHeight - (rowHeight > 6 ? 3 : 1));
  const [begin, end] = [xOf(from), xOf(to)];
  context.fillStyle = paint.life;
  context.fillRect(begin, top, Math.max(1, end - begin), high);
  // Spans that fall on one pixel are drawn once.
  const drawn: number[] = [];
  for (let at = 0; at < spans.length; at += 3) {
    const kind = spans[at] ?? 0;
    const start = from + (spans[at + 1] ?? 0) / 1000;
    const stop = start + (spans[at + 2] ?? 0) / 1000;
    if (stop < range.from || start > range.to) continue;
    const [x, over] = [xOf(start), Math.max(xOf(start) + 0.5, xOf(stop))];
    if (over <= (drawn[kind] ?? -1) + 0.5) continue;
    drawn[kind] = over;
    context.fillStyle = paint.spans[kind] ?? paint.life;
    context.fillRect(x, top, over - x, high);
  }
  if (mark === 'open') return;
  context.fillStyle = mark === 'bad' ? paint.bad : paint.life;
  context.fillRect(Math.max(left, end - (mark === 'bad' ? 3 : 1)), top, mark === 'bad' ? 3 : 1, high);
}

/** Shades what is being selected, from one place to another. */
export function shade(context: CanvasRenderingContext2D | null, { from, to }: Range, height: number): void {
  if (!context) return;
  context.fillStyle = colorOf('--shade');
  context.fillRect(from, 0, to - from, height);
  context.fillRect(from, 0, to - from, height);
}
