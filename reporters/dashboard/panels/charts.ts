import { BUILT_IN } from '../../../engine/metrics/catalogue.js';
import type { Followed } from '../../../engine/metrics/delta.js';
import type { Line, Unit } from '../../document/chart.js';
import { draw } from '../../document/dots.js';
import { count, percent, shortDuration } from '../../format.js';
import { watts } from '../../run/gpu-figures.js';
import { safeText } from '../../terminal-text.js';
import { type Moment, WINDOW_SECONDS } from '../history.js';
import { type Panel, rate, type Size, title, type View } from '../view.js';

/** Least height of a panel with a chart. Lower ones show figures only. */
const LEAST_CHART = 5;

/** Shortest time axis of the whole run, in seconds. */
const SHORTEST = 10;

/** Output tokens per second. */
export function throughput(view: View, size: Size): Panel {
  const { paint, history } = view;
  const { latest } = history;
  const figures = latest
    ? [
        paint.green(`output ${rate(latest.outputTokens)}`),
        paint.cyan(`total ${rate(latest.totalTokens)}`),
        paint.dim(`${rate(latest.requests)} requests/s, ${rate(latest.requests * 60)}/min`),
      ]
    : [];
  return chart(view, 'TOKENS/S', figures, size, 'count', [
    curve(5, view, ({ totalTokens }) => totalTokens),
    curve(1, view, ({ outputTokens }) => outputTokens),
  ]);
}

/** Requests of plain HTTP per second. */
export function httpRate(view: View, size: Size): Panel {
  const { paint, history } = view;
  const http = history.latest?.http;
  const failed = http && http.failed > 0 ? [paint.red(`failed ${rate(http.failed)}`)] : [];
  const figures = http ? [paint.green(`now ${rate(http.requests)}`), ...failed] : [];
  return chart(view, 'HTTP REQUESTS/S', figures, size, 'count', [
    curve(3, view, ({ http: { failed: many } }) => many),
    curve(1, view, ({ http: { requests } }) => requests),
  ]);
}

/** Mean duration of plain HTTP in each second. */
export function httpDuration(view: View, size: Size): Panel {
  const { paint, history, snapshot } = view;
  const mean = history.latest?.http.mean ?? null;
  const { median, p95 } = snapshot.aggregated;
  const figures = [
    paint.green(`mean ${mean === null ? '–' : shortDuration(mean)}`),
    paint.dim(`so far p50 ${shortDuration(median)}, p95 ${shortDuration(p95)}`),
  ];
  return chart(view, 'HTTP DURATION', figures, size, 'time', [curve(1, view, ({ http }) => http.mean)]);
}

/** Percentiles of a latency in each second. */
export function latency(view: View, size: Size, metric: Followed): Panel {
  const { paint, history } = view;
  const point = history.latest?.latencies[metric];
  const figure = (name: 'p50' | 'p95' | 'p99') => {
    const value = point?.[name] ?? null;
    return `${name} ${value === null ? '–' : shortDuration(value)}`;
  };
  const figures = [paint.green(figure('p50')), paint.yellow(figure('p95')), paint.red(figure('p99'))];
  return chart(view, BUILT_IN[`llm_${metric}`].label, figures, size, 'time', [
    curve(3, view, ({ latencies }) => latencies[metric].p99),
    curve(2, view, ({ latencies }) => latencies[metric].p95),
    curve(1, view, ({ latencies }) => latencies[metric].p50),
  ]);
}

/** Users and requests in flight, with the planned users behind. */
export function users(view: View, size: Size): Panel {
  const { paint, snapshot } = view;
  const { vus, planned, inFlight } = snapshot;
  const figures = [
    paint.green(`now ${count(vus)}`),
    paint.cyan(`in flight ${count(inFlight)}`),
    ...(planned === null ? [] : [`planned ${count(planned)} ${view.ascii ? '...' : '┈'}`]),
  ];
  return chart(view, 'USERS', figures, size, 'whole', [
    curve(9, view, ({ planned: wanted }) => wanted, 'dashed'),
    curve(5, view, ({ inFlight: flying }) => flying),
    curve(1, view, ({ vus: active }) => active),
  ]);
}

/** Running and waiting requests and cache state, as reported by the server. */
export function server(view: View, size: Size): Panel {
  const { paint, snapshot } = view;
  const { figures, version, preemptions = null, prefixHitRate = null, draftAcceptance = null } = snapshot.server ?? {};
  const told = figures
    ? [
        paint.green(`running ${count(figures.running)}`),
        paint.yellow(`waiting ${count(figures.waiting)}`),
        ...(figures.kvCache === null ? [] : [`KV cache ${percent(figures.kvCache)}`]),
        ...(prefixHitRate === null ? [] : [`prefix hits ${percent(prefixHitRate)}`]),
        ...(draftAcceptance === null ? [] : [`drafts accepted ${percent(draftAcceptance)}`]),
        ...(preemptions === null ? [] : [`${count(preemptions)} preempted`]),
        ...(version ? [paint.dim(`version ${safeText(version)}`)] : []),
      ]
    : snapshot.server
      ? [paint.yellow('no metrics now')]
      : [];
  return chart(view, 'SERVER', [...told, ...cards(view)], size, 'whole', [
    curve(2, view, ({ serverWaiting }) => serverWaiting),
    curve(1, view, ({ serverRunning }) => serverRunning),
  ]);
}

/** Power, activity and memory of the cards. */
function cards({ snapshot, paint }: View): readonly string[] {
  const { gpu } = snapshot;
  if (!gpu) return [];
  const { point, memoryTotal } = gpu;
  if (!point) return [paint.yellow('no cards now')];
  const { power, activity, memoryUsed, temperature, throttled } = point;
  return [
    ...(power === null ? [] : [paint.cyan(watts(power))]),
    ...(activity === null ? [] : [`${gpu.isProfiled ? 'SM' : 'busy'} ${percent(activity)}`]),
    ...(memoryUsed === null || !memoryTotal ? [] : [`card memory ${percent(memoryUsed / memoryTotal)}`]),
    ...(temperature === null ? [] : [`${count(temperature)} °C`]),
    ...(throttled > 0 ? [paint.red(`${count(throttled)} throttled`)] : []),
  ];
}

/** Curve of a figure over the chosen window. Missing intervals are gaps. */
function curve(color: number, view: View, of: (moment: Moment) => number | null, style: Line['style'] = 'line'): Line {
  const moments = view.history.within(view.choice.window);
  const points = moments.flatMap((moment, index) => {
    const { at, seconds } = moment;
    const before = moments[index - 1];
    // Half a second of tolerance, since consecutive intervals may be reported slightly apart.
    const isApart = before && at > before.at + before.seconds + 0.5;
    return [...(isApart ? [{ x: at, y: null }] : []), { x: at + seconds / 2, y: of(moment) }];
  });
  return { label: '', color, style, points };
}

/** Panel of figures with a chart below them, where there is room. */
function chart(
  view: View,
  name: string,
  figures: readonly string[],
  { width, height }: Size,
  unit: Unit,
  lines: readonly Line[],
): Panel {
  const first = title(view, name, figures, width);
  if (height < LEAST_CHART) return { lines: [first].slice(0, height) };
  // A blank row separates the chart from the panel below.
  const layout = { ...spanOf(view), width, height: height - 2, isAscii: view.ascii };
  const drawing = draw({ y: { name, unit }, lines }, layout);
  return { lines: [first, ...drawing.text], drawing };
}

/** Time span of the charts, in seconds since the load started. */
function spanOf({ snapshot, choice }: View): { readonly from: number; readonly to: number } {
  const now = snapshot.elapsed / 1000;
  if (choice.window === 'whole run') return { from: 0, to: Math.max(SHORTEST, now) };
  // A run that is shorter than the window is shown up to its end.
  const length = Math.min(WINDOW_SECONDS[choice.window], Math.max(SHORTEST, snapshot.duration / 1000, now));
  const from = Math.max(0, now - length);
  return { from, to: from + length };
}
