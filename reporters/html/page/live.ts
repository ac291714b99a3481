/** Script of the live page. Draws what the server sends, and sends it commands. */
import 'uplot/dist/uPlot.min.css';
import './page.css';
import './live.css';
import type { Plotted } from '../../document/plotted.js';
import { type Columns, decimated } from './decimate.js';
import { draw } from './draw.js';

/** Points for each pixel of a chart's width. */
const POINTS_PER_PIXEL = 1;

type Point = readonly [at: number, ...values: (number | null)[]];

interface View {
  readonly top: string;
  readonly rest: string;
  readonly isPaused: boolean;
  readonly isOver: boolean;
  readonly scenarios: readonly { readonly name: string; readonly users: number }[];
}

interface Live {
  readonly chart: Plotted;
  readonly place: HTMLElement;
  /** Width of its place in pixels. Kept, since reading it lays out the page. */
  width: number;
  readonly xs: number[];
  readonly lines: (number | null)[][];
  plot: ReturnType<typeof draw> | undefined;
  /** True once a number was above zero. */
  hasNumbers: boolean;
}

const of = (id: string) => document.getElementById(id) as HTMLElement;
const token = new URLSearchParams(location.search).get('token') ?? '';
let charts: Live[] = [];
/** Charts that wait to be drawn, one in a frame. */
const queue = new Set<Live>();

function add([at, ...values]: Point): void {
  let index = 0;
  for (const live of charts) {
    live.xs.push(at);
    for (const line of live.lines) {
      const value = values[index] ?? null;
      line.push(value);
      if (value !== null && value > 0) live.hasNumbers = true;
      index += 1;
    }
  }
}

function shown({ xs, lines, width }: Live): Columns {
  return decimated({ xs, lines }, Math.max(200, POINTS_PER_PIXEL * width));
}

/** Draws the next chart of the queue. One that has no number above zero is hidden. */
function drawNext(): void {
  const [live] = queue;
  if (!live) return;
  queue.delete(live);
  const began = performance.now();
  const figure = live.place.closest('figure') as HTMLElement;
  figure.hidden = !live.hasNumbers;
  if (!figure.hidden) {
    const { xs, lines } = shown(live);
    if (live.plot) live.plot.setData([[...xs], ...lines.map((line) => [...line])]);
    else {
      const named = live.chart.lines.map((line, index) => ({ ...line, values: lines[index] ?? [] }));
      live.plot = draw(live.place, { ...live.chart, xs, lines: named });
    }
  }
  performance.clearMeasures('draw');
  performance.measure('draw', { start: began, end: performance.now() });
  if (queue.size > 0) requestAnimationFrame(drawNext);
}

function drawSoon(redraws = false): void {
  const isIdle = queue.size === 0;
  for (const live of charts) {
    if (redraws) {
      live.plot?.destroy();
      live.plot = undefined;
    }
    queue.add(live);
  }
  if (isIdle && charts.length > 0) requestAnimationFrame(drawNext);
}

/** Markup of the parts of the page, as last shown. */
const last = new Map<HTMLElement, string>();

/** Replaces a part of the page, if its markup differs. */
function update(place: HTMLElement, markup: string): void {
  if (last.get(place) === markup) return;
  last.set(place, markup);
  place.innerHTML = markup;
}

function show({ top, rest, isPaused, isOver, scenarios }: View): void {
  update(of('top'), top);
  update(of('rest'), rest);
  of('controls').hidden = isOver;
  const pause = document.querySelector<HTMLButtonElement>('[data-action=pause],[data-action=resume]');
  if (pause) {
    pause.dataset.action = isPaused ? 'resume' : 'pause';
    pause.textContent = isPaused ? 'Resume' : 'Pause';
  }
  const users = of('users');
  const names = scenarios.map(({ name }) => name).join('\n');
  // Fields that somebody types in are left alone.
  if (users.dataset.names === names) return;
  users.dataset.names = names;
  users.replaceChildren(
    ...scenarios.map(({ name, users: planned }) => {
      const label = document.createElement('label');
      const field = document.createElement('input');
      Object.assign(field, { type: 'number', min: '0', value: String(planned) });
      field.setAttribute('aria-label', `users of ${name}`);
      field.addEventListener('change', () => command({ type: 'scale', scenario: name, vus: Number(field.value) }));
      label.append(`users of ${name} `, field);
      return label;
    }),
  );
}

async function command(action: object): Promise<void> {
  const sent = fetch('control', { method: 'POST', headers: { 'x-token': token }, body: JSON.stringify(action) });
  of('answer').textContent = await sent.then(
    (answer) => (answer.ok ? '' : answer.text()),
    () => 'the run cannot be reached',
  );
}

document.addEventListener('click', ({ target }) => {
  const type = (target as HTMLElement).dataset?.action;
  if (type) void command({ type });
});

const events = new EventSource(`events?token=${encodeURIComponent(token)}`);
const on = <Data>(name: string, take: (data: Data) => void) =>
  events.addEventListener(name, ({ data }) => {
    of('link').textContent = '';
    take(JSON.parse(data) as Data);
  });
on<{ charts: Plotted[]; points: Point[] }>('all', ({ charts: all, points }) => {
  for (const { plot } of charts) plot?.destroy();
  queue.clear();
  const places = [...document.querySelectorAll<HTMLElement>('.plot')];
  charts = all.map((chart, index) => {
    const place = places[index]!;
    place.replaceChildren();
    return {
      chart,
      place,
      width: place.clientWidth,
      xs: [],
      lines: chart.lines.map(() => []),
      plot: undefined,
      hasNumbers: false,
    };
  });
  for (const point of points) add(point);
  drawSoon();
});
on<Point>('point', (point) => {
  add(point);
  drawSoon();
});
on<View>('view', show);
on('done', () => {
  events.close();
  location.replace(`report?token=${encodeURIComponent(token)}`);
});
events.onerror = () => {
  of('link').textContent = 'the connection is lost; trying again …';
};

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => drawSoon(true));
addEventListener('resize', () => {
  for (const live of charts) {
    live.width = live.place.clientWidth;
    live.plot?.setSize({ width: live.width, height: live.plot.height });
  }
  drawSoon();
});
