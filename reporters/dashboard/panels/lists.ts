import { findMetric } from '../../../engine/metrics/catalogue.js';
import type { ErrorGroup, FailureGroup } from '../../../engine/metrics/delta.js';
import { stateOf, type ThresholdResult } from '../../../engine/metrics/thresholds.js';
import { bytes, compactCount, count, duration, NO_NUMBER, percent, shortDuration } from '../../format.js';
import { displayWidth, padRight, safeText, shorten, widest, wrap } from '../../terminal-text.js';
import { cutList, fit, marks, type Panel, type Size, title, type View } from '../view.js';

/** Thresholds with observed values, checks, and goodput. */
export function thresholds(view: View, { width, height }: Size): Panel {
  const { snapshot, paint } = view;
  const { good, bad } = marks(view);
  const mark = (ok: boolean) => (ok ? paint.green(good) : paint.red(bad));
  // Observed values take precedence over long names.
  const room = Math.max(8, width - 5 - widest(snapshot.thresholds.map((result) => observed(result, width))));
  const names = Math.min(room, widest(snapshot.thresholds.map(nameOf)));
  // Whatever failed comes first, where a short list is not cut.
  const limits = [...snapshot.thresholds]
    .sort((a, b) => Number(a.ok) - Number(b.ok))
    .map((result) => {
      const label = `${stateOf(result) === 'empty' ? NO_NUMBER : mark(result.ok)} ${padRight(shorten(nameOf(result), names), names)}`;
      return fit([` ${label}`, result.ok ? observed(result, width) : paint.red(observed(result, width))], width);
    });
  const sorted = [...snapshot.checks].sort((a, b) => Number(b.fails > 0) - Number(a.fails > 0));
  const checks = sorted.map(({ name, passes, fails }) => {
    const share = percent(passes / Math.max(1, passes + fails));
    const label = shorten(`check ${safeText(name)}`, Math.max(8, width - 14));
    return fit([` ${mark(fails === 0)} ${label}`, share, fails === 0 ? '' : `${count(fails)} failed`], width);
  });
  const { goodput } = snapshot.totals;
  const slos =
    goodput === undefined ? [] : [fit([`   goodput ${percent(goodput)}`, 'of requests met every SLO'], width)];
  const states = snapshot.thresholds.map(stateOf);
  const passed = states.filter((state) => state === 'passed').length;
  const all = states.length;
  const waiting = states.filter((state) => state === 'empty').length;
  const counted = passed === 0 && waiting === all ? 'none counted yet' : `${passed} of ${all} hold`;
  const figures = all === 0 ? ['none set'] : [counted];
  const isBad = states.some((state) => state === 'crossed' || state === 'unmeasured');
  const color = isBad ? paint.red : passed === all ? paint.green : paint.yellow;
  const cut = (list: readonly string[], at: number) => [list.slice(0, at), list.slice(at)] as const;
  const [missed, others] = cut(limits, states.length - passed - waiting);
  const [wrong, right] = cut(checks, sorted.filter(({ fails }) => fails > 0).length);
  const lines = [...missed, ...wrong, ...others, ...slos, ...right];
  return panel(view, 'THRESHOLDS', all === 0 ? figures : figures.map(color), lines, { width, height });
}

/** Width from which a threshold says when it counts. */
const WIDE = 50;

function nameOf({ metric, source }: ThresholdResult): string {
  return safeText(`${metric} ${source}`);
}

function observed({ metric, source, window, observed: value, ok }: ThresholdResult, width: number): string {
  if (value === undefined && !ok) return 'no samples';
  if (value === undefined) {
    if (width < WIDE) return 'not yet';
    return window === 'steady' ? 'counted from the hold on' : 'no samples yet';
  }
  const info = findMetric(metric.replace(/\{.*/s, ''), {});
  if (info?.kind === 'rate') return percent(value);
  return info?.contains === 'time' && !/^\s*(count|rate)/.test(source) ? duration(value) : count(value);
}

/** Height up to which a failure has one row. Its message needs this much room. */
const FEW_ROWS = 7;
const LEAST_MESSAGE = 12;

/** Failures by kind, newest first, with their messages. Script errors, warnings and log lines. */
export function failures(view: View, { width, height }: Size): Panel {
  const { snapshot, paint, log } = view;
  const { bad } = marks(view);
  const group = ([kind = '', ...more]: readonly string[], message: string) => {
    const head = fit([` ${paint.red(bad)} ${kind}`, ...more], width);
    const said = safeText(message);
    if (height > FEW_ROWS) return [head, `   ${paint.dim(shorten(said, width - 3))}`];
    const room = width - displayWidth(head) - 2;
    return [room < LEAST_MESSAGE ? head : `${head}  ${paint.dim(shorten(said, room))}`];
  };
  const failed = snapshot.failures.flatMap((failure) => {
    return group(failureHead(failure, snapshot.elapsed), failure.message);
  });
  const errors = snapshot.errors.flatMap((error) => group(errorHead(error), error.message));
  const warnings = snapshot.warnings.flatMap((text) =>
    wrap(safeText(text), width - 3).map((line, index) => `${index === 0 ? paint.yellow(' ! ') : '   '}${line}`),
  );
  const printed = log.map((line) => paint.dim(` > ${shorten(safeText(line), width - 3)}`));
  const total = snapshot.failures.reduce((sum, failure) => sum + failure.count, 0);
  const figures = total === 0 ? [] : [paint.red(count(total))];
  if (snapshot.errors.length > 0) figures.push(paint.red('errors of the script'));
  if (figures.length === 0) figures.push(paint.green('none'));
  return panel(view, 'FAILURES', figures, [...failed, ...errors, ...warnings, ...printed], { width, height });
}

function failureHead({ kind, status, count: times, name, lastAt }: FailureGroup, elapsed: number): readonly string[] {
  const what = status === undefined ? safeText(kind) : `${safeText(kind)} ${status}`;
  const ago = Math.max(0, Math.round((elapsed - lastAt) / 1000));
  return [what, `×${compactCount(times)}`, ago === 0 ? 'just now' : `${duration(ago * 1000)} ago`, safeText(name)];
}

function errorHead({ where, count: times }: ErrorGroup): readonly string[] {
  return [safeText(where ?? 'script'), `×${compactCount(times)}`];
}

/** Health of the load generator, and the quality verdict so far. */
export function health(view: View, { width, height }: Size): Panel {
  const { snapshot, paint } = view;
  const { workers, lateness, memory } = snapshot.health;
  const { verdict, reasons, notes } = snapshot.quality;
  const color = { valid: paint.green, suspect: paint.yellow, invalid: paint.red }[verdict];
  const delays = workers.flatMap(({ loopDelay }) => loopDelay ?? []);
  const busiest = Math.max(0, ...workers.map(({ utilization }) => utilization));
  const loop = delays.length === 0 ? '–' : shortDuration(Math.max(...delays));
  const busy = `${Math.round(busiest * 100)}%`;
  const isNarrow = width < 60;
  const summed = [
    isNarrow ? `loop p99 ${loop}` : `event-loop delay p99 ${loop}`,
    isNarrow ? `busy ${busy}` : `busiest worker ${busy}`,
    lateness === null ? '' : `${isNarrow ? 'late' : 'schedule p99 late by'} ${shortDuration(lateness)}`,
    `${compactCount(snapshot.totals.dropped)} dropped`,
    isNarrow ? bytes(memory) : `memory ${bytes(memory)}`,
  ];
  const by = workers.map(({ worker, utilization, loopDelay }) => {
    const late = loopDelay === null ? '' : ` ${shortDuration(loopDelay)} late`;
    return `worker ${worker + 1} ${Math.round(utilization * 100)}% busy${late}`;
  });
  const lines = [
    ...reasons.flatMap((text) => words(text, width, color('!'))),
    ...flow(summed, width),
    ...(workers.length > 1 ? flow(by, width) : []),
    ...notes.flatMap((text) => words(text, width, '-')),
  ];
  return panel(view, 'GENERATOR', [color(`numbers ${verdict} so far`)], lines, { width, height });
}

function words(text: string, width: number, mark: string): readonly string[] {
  return wrap(safeText(text), width - 3).map((line, index) => ` ${index === 0 ? mark : ' '} ${line}`);
}

/** Parts in as few lines as they need. */
function flow(parts: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const part of parts.filter((each) => each !== '')) {
    const joined = `${lines.at(-1) ?? ''}, ${part}`;
    if (lines.length > 0 && joined.length < width) lines[lines.length - 1] = joined;
    else lines.push(fit([`   ${part}`], width));
  }
  return lines;
}

function panel(
  view: View,
  name: string,
  figures: readonly string[],
  lines: readonly string[],
  { width, height }: Size,
): Panel {
  return { lines: [title(view, name, figures, width), ...cutList(lines, height - 1)].slice(0, height) };
}
