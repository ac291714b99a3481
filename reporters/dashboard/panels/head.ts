import { basename } from 'node:path';
import type { Activity, ScenarioState } from '../../../engine/metrics/snapshot.js';
import { amount, clockTime, compactCount, count, percent } from '../../format.js';
import type { Paint } from '../../paint.js';
import { isPlainHttp } from '../../plain-http.js';
import { displayWidth, padLeft, padRight, safeText, shorten, shortenFront, widest } from '../../terminal-text.js';
import { fit, type Panel, rate, type Size, type View } from '../view.js';

/** Script, target, progress and totals of the run. */
export function head(view: View, { width, height }: Size): Panel {
  const scenarios = scenarioLines(view, width, Math.max(0, height - 2));
  return { lines: [identity(view, width), ...scenarios, totals(view, width)].slice(0, height) };
}

const COLORS: Readonly<Record<Activity, keyof Paint>> = {
  ramping: 'cyan',
  'warming up': 'cyan',
  holding: 'green',
  'ramping down': 'cyan',
  running: 'green',
  paused: 'yellow',
  draining: 'yellow',
  done: 'bold',
};

/** Least room for script and target; with less, only progress is shown. */
const LEAST_NAMES = 16;

function identity({ snapshot, paint, ascii }: View, width: number): string {
  const { activity, elapsed, duration, file, target } = snapshot;
  const state = paint.bold(paint[COLORS[activity]](activity));
  const time = duration > 0 ? `${clockTime(elapsed)} / ${clockTime(duration)}` : clockTime(elapsed);
  const right = `${state}  ${time}`;
  const room = width - displayWidth(right) - 3;
  if (room < LEAST_NAMES) return ` ${fit([state, time], width - 1)}`;
  const aim = target ? `${safeText(target.baseUrl).replace(/^https?:\/\//, '')}  ${safeText(target.model)}` : '';
  const simulated = target?.simulated ? '(simulated)' : '';
  const arrow = ascii ? '->' : '→';
  const whole = safeText(file);
  const isTight = displayWidth(whole) + displayWidth(aim) + 6 > room;
  const path = shortenFront(isTight ? basename(whole) : whole, Math.floor(room / 2));
  const left = fit(aim === '' ? [path] : [path, arrow, shorten(aim, room - displayWidth(path) - 5), simulated], room);
  return ` ${paint.bold(left)}${padLeft(right, width - displayWidth(left) - 2)} `;
}

function scenarioLines(view: View, width: number, rows: number): readonly string[] {
  const { scenarios } = view.snapshot;
  // Where there is no room for all, running scenarios come first, then those to come.
  const byState = (state: ScenarioState['state']) => scenarios.filter((scenario) => scenario.state === state);
  const inOrder = [...byState('running'), ...byState('draining'), ...byState('waiting'), ...byState('done')];
  const shown = scenarios.length <= rows ? scenarios : inOrder.slice(0, rows);
  const names = Math.min(24, widest(shown.map(({ name }) => safeText(name))));
  const lines = shown.map((scenario) => scenarioLine(view, scenario, names, width));
  const left = scenarios.length - shown.length;
  if (left === 0 || lines.length === 0) return lines;
  return [...lines.slice(0, -1), fit([lines.at(-1) ?? '', view.paint.dim(`+${left} more`)], width)];
}

function scenarioLine(view: View, scenario: ScenarioState, names: number, width: number): string {
  const { paint } = view;
  const { name, description, state, progress, startTime, vus, planned, maxVus, iterations } = scenario;
  const many = planned === null ? `up to ${count(maxVus)}` : count(planned);
  const doing =
    state === 'waiting'
      ? `starts at ${clockTime(startTime)}`
      : `${count(vus)} of ${many} ${many === '1' ? 'user' : 'users'}, ${amount(iterations, 'iteration')}`;
  const bar = progressBar(progress, Math.max(10, Math.min(40, Math.floor(width / 4))), view.ascii);
  const label = padRight(shorten(safeText(name), names), names);
  return ` ${fit([`${label} ${paint.cyan(bar)} ${padLeft(`${Math.floor(progress * 100)}%`, 4)}`, doing, paint.dim(safeText(description))], width - 1)}`;
}

/** Share of 0 to 1 as a bar. */
function progressBar(share: number, width: number, ascii: boolean): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  const [done, left] = ascii ? ['#', '.'] : ['█', '░'];
  return done.repeat(full) + left.repeat(width - full);
}

function totals({ snapshot, history, paint }: View, width: number): string {
  const { vus, peakVus, inFlight, totals: sums } = snapshot;
  const { dropped, outputTokens, goodput, sessions } = sums;
  const isHttp = isPlainHttp(snapshot);
  const { requests, failed } = isHttp ? sums.http : sums;
  const failures = failed === 0 ? '0 failed' : paint.red(`${count(failed)} failed (${percent(failed / requests)})`);
  const now = isHttp ? history.latest?.http.requests : history.latest?.requests;
  const speed = now === undefined ? '' : `${rate(now)}/s, ${rate(now * 60)}/min`;
  return ` ${fit(
    [
      `${amount(vus, 'user')}, peak ${count(Math.max(vus, peakVus))}`,
      // What agents are about comes before their requests, which a narrow terminal has no room for.
      ...(sessions ? [sessionText(sessions), failures] : []),
      `${count(inFlight)} in flight`,
      amount(requests, isHttp ? 'HTTP request' : 'request'),
      ...(sessions ? [] : [failures]),
      speed,
      ...(dropped === 0 ? [] : [paint.yellow(`${count(dropped)} dropped`)]),
      ...(goodput === undefined ? [] : [`goodput ${percent(goodput)}`]),
      ...(isHttp ? [] : [`${count(outputTokens)} tokens`]),
    ],
    width - 1,
  )}`;
}

/** Sessions at work and ended, and the median depth of their contexts. */
function sessionText({ live, ended, failed, depth }: NonNullable<View['snapshot']['totals']['sessions']>): string {
  const failures = failed > 0 ? ` (${count(failed)} failed)` : '';
  const deep = depth === undefined ? '' : `, ${compactCount(Math.round(depth))} tokens deep`;
  return `${amount(live, 'session')} at work, ${count(ended)} ended${failures}${deep}`;
}
