import type { Size } from './view.js';

export type PanelName =
  | 'head'
  | 'throughput'
  | 'latency'
  | 'latency2'
  | 'latency3'
  | 'latency4'
  | 'users'
  | 'server'
  | 'table'
  | 'thresholds'
  | 'failures'
  | 'health'
  | 'footer';

/** Panel and its position, in columns and rows of the screen. */
export interface Place extends Size {
  readonly panel: PanelName;
  readonly left: number;
  readonly top: number;
}

/** Contents that the layout depends on. */
export interface Contents {
  readonly scenarios: number;
  /** True if the server reports metrics. */
  readonly server: boolean;
  /** True for plain HTTP only, which has no latencies of tokens. */
  readonly http: boolean;
  /** Rows of the table of requests. */
  readonly rows: number;
}

/** Columns between panels side by side. */
const GAP = 2;

/** Least sizes for three panels side by side, and two chart rows. */
const WIDE = 160;
const BROAD = 110;
const TALL = 34;

/** Least size for charts; below it only figures are shown. */
const LEAST: Size = { width: 72, height: 20 };

/** Positions of all panels. They never overlap, and together fill the screen. */
export function layout(size: Size, contents: Contents): readonly Place[] {
  const { width, height } = size;
  const { scenarios } = contents;
  const head = Math.min(2 + Math.min(scenarios, height >= TALL ? 5 : 2), Math.max(1, height - 1));
  const body = height - head - 1;
  const ends: Place[] = [
    { panel: 'head', left: 0, top: 0, width, height: head },
    { panel: 'footer', left: 0, top: height - 1, width, height: 1 },
  ];
  const isSmall = width < LEAST.width || height < LEAST.height;
  return [...ends, ...(isSmall ? figures(width, head, body) : panels(size, head, body, contents))];
}

/** One line per panel, and the table in the rest. */
function figures(width: number, top: number, body: number): Place[] {
  const names: readonly PanelName[] = ['throughput', 'latency', 'users', 'thresholds', 'failures', 'health'];
  const lines = names.slice(0, body).map((panel, index) => ({ panel, left: 0, top: top + index, width, height: 1 }));
  const rest = body - lines.length;
  return rest < 2 ? lines : [...lines, { panel: 'table', left: 0, top: top + lines.length, width, height: rest }];
}

function panels({ width, height }: Size, top: number, body: number, contents: Contents): Place[] {
  const { server, rows: requests } = contents;
  const wide = width >= WIDE;
  const tall = height >= TALL;
  const rows = chartRows(wide, tall, contents);
  const lists = listColumns(width, wide, tall, server);
  const list = Math.max(tall ? 6 : 5, Math.round(body * (tall ? 0.22 : 0.3)));
  // A title, a head, a row for each name and one for all, and one left free; more has to be scrolled.
  const table = Math.min(Math.max(5, requests + 4), Math.max(5, Math.round(body * (tall ? 0.25 : 0.3))));
  const charts = body - table - list;
  const places: Place[] = [];
  let y = top;
  rows.forEach((row, index) => {
    const end = top + Math.round((charts * (index + 1)) / rows.length);
    places.push(...beside(row, width).map((place) => ({ ...place, top: y, height: end - y })));
    y = end;
  });
  places.push({ panel: 'table', left: 0, top: y, width, height: table });
  y += table;
  for (const { panel: names, ...place } of beside(lists, width)) {
    const each = Math.floor(list / names.length);
    names.forEach((panel, index) => {
      const isLast = index === names.length - 1;
      places.push({ ...place, panel, top: y + index * each, height: isLast ? list - index * each : each });
    });
  }
  return places;
}

function chartRows(wide: boolean, tall: boolean, { server, http }: Contents): readonly (readonly PanelName[])[] {
  const first: readonly PanelName[] = ['throughput', 'latency'];
  if (wide) {
    const row: readonly PanelName[] = [...first, 'users', ...(server ? (['server'] as const) : [])];
    return tall && !http ? [row, ['latency2', 'latency3', 'latency4']] : [row];
  }
  return tall ? [first, ['users', server ? 'server' : 'health']] : [first];
}

/** Lists at the bottom, by column. */
function listColumns(width: number, wide: boolean, tall: boolean, server: boolean): readonly (readonly PanelName[])[] {
  const health = wide || !tall || server;
  if (!health) return [['thresholds'], ['failures']];
  return width >= BROAD ? [['thresholds'], ['failures'], ['health']] : [['thresholds'], ['failures', 'health']];
}

/** Places items side by side, in equal parts of the width. */
function beside<Thing>(things: readonly Thing[], width: number): { panel: Thing; left: number; width: number }[] {
  return things.map((panel, index) => {
    const left = Math.round((index * (width + GAP)) / things.length);
    const next = Math.round(((index + 1) * (width + GAP)) / things.length);
    return { panel, left, width: next - GAP - left };
  });
}
