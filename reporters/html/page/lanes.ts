import { full } from '../../document/axis.js';
import type { LaneChart, LaneRow } from '../../document/lanes.js';
import { drawRows, drawTime, NAMES, shade, sized } from './lane-drawing.js';
import { LaneView, type Range } from './lane-view.js';

/** Heights of rows and axis. `SEEN` is the most at once; pixels of the page. */
const ROW = { most: 18, least: 3 };
const SEEN = 420;
const AXIS = 22;

/** Draws swim lanes in their place, and lets them be zoomed. Returns a function that draws them anew. */
export function drawLanes(place: HTMLElement, chart: LaneChart): () => void {
  const [time, rows] = place.querySelectorAll('canvas');
  const box = place.querySelector<HTMLElement>('.rows');
  const height = place.querySelector<HTMLElement>('.height');
  const output = place.querySelector('output');
  if (!time || !rows || !box || !height || !output) return () => undefined;
  const view = new LaneView(chart.seconds);
  const rowHeight = Math.min(ROW.most, Math.max(ROW.least, Math.floor(SEEN / Math.max(1, chart.rows.length))));
  const seen = Math.min(SEEN, rowHeight * chart.rows.length);
  const left = rowHeight >= 11 ? NAMES : 8;
  height.style.height = `${rowHeight * chart.rows.length - seen}px`;
  let selected: Range | undefined;
  let isAsked = false;
  const draw = () => {
    isAsked = false;
    const width = box.clientWidth;
    const shape = { width, left, rowHeight, range: view.range };
    drawTime(sized(time, width, AXIS), shape);
    drawRows(sized(rows, width, seen), shape, chart, box.scrollTop, seen);
    if (selected) shade(rows.getContext('2d'), selected, seen);
  };
  const later = () => {
    if (!isAsked) requestAnimationFrame(draw);
    isAsked = true;
  };
  const instantAt = (x: number) => {
    const { from, to } = view.range;
    return from + ((x - left) / (box.clientWidth - left)) * (to - from);
  };
  box.addEventListener('scroll', later, { passive: true });
  listen(rows, {
    move: (x, y, from) => {
      selected = from === undefined ? undefined : { from: Math.min(from, x), to: Math.max(from, x) };
      const row = chart.rows[Math.floor((y + box.scrollTop) / rowHeight)];
      output.textContent = (row && saying(row, chart, instantAt(x))) || '\u00a0';
      if (selected) later();
    },
    end: (x, from) => {
      selected = undefined;
      if (Math.abs(x - from) > 4) view.show({ from: instantAt(Math.min(x, from)), to: instantAt(Math.max(x, from)) });
      later();
    },
  });
  bind(place, box, view, instantAt, later);
  draw();
  return later;
}

/** Binds wheel, keys and buttons to a view. */
function bind(
  place: HTMLElement,
  box: HTMLElement,
  view: LaneView,
  instantAt: (x: number) => number,
  changed: () => void,
): void {
  const all = () => view.show(view.all);
  const [closer, farther] = [() => view.zoom(0.5), () => view.zoom(2)];
  const actions: Readonly<Record<string, () => void>> = {
    ...{ in: closer, '+': closer, '=': closer, out: farther, '-': farther, all },
    ArrowLeft: () => view.move(-0.25),
    ArrowRight: () => view.move(0.25),
  };
  const act = (name: string) => {
    actions[name]?.();
    changed();
  };
  box.addEventListener('dblclick', () => act('all'));
  box.addEventListener('keydown', ({ key }) => act(key));
  for (const button of place.querySelectorAll<HTMLElement>('[data-zoom]')) {
    button.addEventListener('click', () => act(button.dataset.zoom ?? ''));
  }
  // A wheel alone scrolls the page.
  const onWheel = (event: WheelEvent) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    view.zoom(event.deltaY > 0 ? 1.25 : 0.8, instantAt(event.offsetX));
    changed();
  };
  box.addEventListener('wheel', onWheel, { passive: false });
}

/** Calls back with places of the pointer. With those of a drag comes its beginning. */
function listen(
  canvas: HTMLCanvasElement,
  on: { move: (x: number, y: number, from: number | undefined) => void; end: (x: number, from: number) => void },
): void {
  let from: number | undefined;
  canvas.addEventListener('pointerdown', (event) => {
    from = event.offsetX;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', ({ offsetX, offsetY }) => on.move(offsetX, offsetY, from));
  canvas.addEventListener('pointerup', ({ offsetX }) => {
    if (from !== undefined) on.end(offsetX, from);
    from = undefined;
  });
  canvas.addEventListener('pointercancel', () => {
    from = undefined;
  });
}

/** Text about an instant of a row. Empty where there is nothing. */
function saying({ bars }: LaneRow, { kinds }: LaneChart, at: number): string {
  const bar = bars.find(({ from, to }) => from <= at && at <= to);
  if (!bar) return '';
  const { title, from, spans } = bar;
  const since = (at - from) * 1000;
  for (let index = 0; index < spans.length; index += 3) {
    const [kind = 0, start = 0, length = 0] = spans.slice(index, index + 3);
    if (since < start || since > start + length) continue;
    return `${full('seconds', at)} · ${title} · ${kinds[kind]?.label} ${full('time', length)}`;
  }
  return `${full('seconds', at)} · ${title} · waiting`;
}
