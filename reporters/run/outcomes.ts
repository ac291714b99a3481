import type { ErrorGroup } from '../../engine/metrics/delta.js';
import type { CheckSummary, Summary } from '../../engine/metrics/snapshot.js';
import { stateOf, type ThresholdResult, type ThresholdState } from '../../engine/metrics/thresholds.js';
import { type Column, figure, type Medium, type Row, type Section, type Tone, text } from '../document/document.js';
import { amount, count, duration, NO_NUMBER, percent } from '../format.js';
import { formOf, metricValue } from '../metric-value.js';
import { FEW_SAMPLES, isTooFew } from '../sample-size.js';
import { placeText, wholeRun } from './words.js';

/** Media of terminals, which have one line for a row. */
const LINES: readonly Medium[] = ['short', 'text'];
const PAGES: readonly Medium[] = ['html', 'markdown'];

const STATES: Readonly<Record<ThresholdState, readonly [tone: Tone, said: string]>> = {
  passed: ['good', 'passed'],
  crossed: ['bad', 'failed'],
  empty: ['muted', 'not measured'],
  unmeasured: ['bad', 'not measured'],
};

/** Thresholds with the observed values. One without samples is never a pass. */
export function thresholdSection(summary: Summary): Section {
  const rows = summary.thresholds.map((result): Row => {
    const state = stateOf(result);
    const [tone, said] = STATES[state];
    const observed = observedCell(summary, result);
    return {
      ...{ tone, mark: state === 'empty' ? NO_NUMBER : undefined },
      cells: [
        ...[
          result.metric + windowNote(summary, result),
          result.source,
          result.ok ? observed : { ...observed, tone: 'bad' as const },
        ],
        ...[{ text: said, tone }, count(result.samples)],
      ],
    };
  });
  const columns = [
    ...[{ ...text('metric'), most: 40 }, { ...text('condition'), most: 32 }, text('observed')],
    ...[text('result', PAGES), figure('samples', 'html')],
  ];
  return { title: 'Thresholds', blocks: [{ kind: 'table', isMarked: true, columns, rows }] };
}

/** Window of a threshold, unless that of the headline or the selector. */
function windowNote({ windows }: Summary, { metric, window }: ThresholdResult): string {
  return window === windows.headline || metric.includes('window:') ? '' : ` {window:${window}}`;
}

function observedCell(summary: Summary, { metric, source, observed, samples }: ThresholdResult) {
  if (observed === undefined) return { text: '(no samples)' };
  // `p(95)` of `p(95) < 500`.
  const key = (/^[^<>=!]*/.exec(source)?.[0] ?? '').replace(/\s/g, '');
  const value = metricValue(formOf(summary, metric), key, observed);
  return { text: `${key}=${value}`, mark: isTooFew(samples, key) ? FEW_SAMPLES : undefined };
}

/** Checks of the script. Totals as in k6, then each check, by scenario and group. */
export function checkSection(summary: Summary): Section {
  const { checks, windows } = summary;
  const severalScenarios = new Set(checks.map(({ scenario }) => scenario)).size > 1;
  const placeOf = (check: CheckSummary) => placeText(check, severalScenarios);
  const passes = checks.reduce((sum, check) => sum + check.passes, 0);
  const all = passes + checks.reduce((sum, check) => sum + check.fails, 0);
  const seconds = windows.whole.to - windows.whole.from;
  const share = (part: number) => [percent(all === 0 ? 0 : part / all), `${count(part)} out of ${count(all)}`];
  const totals = [
    ['checks_total', count(all), seconds > 0 ? `${count(all / seconds)}/s` : undefined],
    ['checks_succeeded', ...share(passes)],
    ['checks_failed', ...share(all - passes)],
  ].map((cells) => ({ cells }));
  const failing = checks.filter(({ fails }) => fails > 0);
  const held = checks.length - failing.length;
  const brief = failing.map((check): Row => {
    const [name, place] = [check.name, placeOf(check)];
    return checkRow(check, place === '' ? name : `${place} › ${name}`, 'short');
  });
  const sum: Row = { cells: [`${amount(held, 'check')} held each time`], tone: 'good', only: 'short' };
  const full = [...new Set(checks.map(placeOf))].flatMap((place): Row[] => [
    ...(place === '' ? [] : [{ heading: place, cells: [], only: ['text', 'html'] } as const]),
    ...checks.filter((each) => placeOf(each) === place).map((each) => checkRow(each, each.name, ['text', 'html'])),
  ]);
  const flat = checks.map((check) => {
    const { passes: held, fails } = check;
    const name = [placeOf(check), check.name].filter(Boolean).join(' › ');
    return {
      ...checkRow(check, name, 'markdown'),
      cells: [name, percent(held / Math.max(1, held + fails)), count(held), count(fails)],
    };
  });
  const columns = [text('check'), ...['held', 'passes', 'fails'].map((head) => figure(head, PAGES))];
  return {
    ...{ title: 'Checks', aside: wholeRun(summary) },
    blocks: [
      ...(checks.length === 0
        ? []
        : [
            {
              kind: 'table',
              isDotted: true,
              columns: [text(''), figure(''), text('')],
              rows: totals,
              only: 'text',
            } as const,
          ]),
      { kind: 'table', isMarked: true, columns, rows: [...brief, ...(held > 0 ? [sum] : []), ...full, ...flat] },
    ],
  };
}

function checkRow({ passes, fails }: CheckSummary, name: string, only: Row['only']): Row {
  const share = passes / Math.max(1, passes + fails);
  const percentage = String(Math.trunc(100 * share)).padStart(3);
  const below = { text: `↳ ${percentage}% — ✓ ${count(passes)} / ✗ ${count(fails)}`, only: LINES };
  return {
    cells: [name, percent(share), count(passes), count(fails)],
    ...{ tone: fails === 0 ? 'good' : 'bad', only, below: fails === 0 ? [] : [below] },
  };
}

/** Most characters of a message in a terminal. */
const LONGEST_MESSAGE = 400;

/** Most kinds of failures, and of errors, that terminals and Markdown list. */
const MOST_GROUPS = 10;

/** Failed requests by kind, most frequent first, each with its last message. */
export function failureSection(summary: Summary): Section {
  const { failures, plan } = summary;
  const several = plan.scenarios.length > 1;
  const rows = failures
    .toSorted((a, b) => b.count - a.count)
    .map((group): Row => {
      const { scenario, name, target, kind, status, message, firstAt, lastAt } = group;
      const when = group.count === 1 ? `at ${duration(lastAt)}` : `${duration(firstAt)} to ${duration(lastAt)}`;
      const where = several ? `${scenario} › ${name}` : name;
      return {
        cells: [
          [kind, status].filter(Boolean).join(' '),
          `×${count(group.count)}`,
          where,
          { text: when, tone: 'muted' },
        ],
        ...{ tone: 'bad', below: messageLines(target === undefined ? message : `${target}: ${message}`, PAGES) },
      };
    });
  const columns = [text('kind'), figure('times'), { ...text('where'), most: 24 }, text('when')];
  return listed('Failures', summary, columns, rows, failures);
}

/** Exceptions of the script, by the place that threw them. */
export function errorSection(summary: Summary): Section {
  const { errors } = summary;
  const rows = errors
    .toSorted((a, b) => b.count - a.count)
    .map((group): Row => {
      const { message, stack } = group;
      const trace = stack.includes(message) ? stack : `${message}\n${stack}`;
      const below = [...messageLines(message, 'markdown'), { text: trace, only: 'html' as const }];
      return { cells: [`${placeOf(group)} ×${count(group.count)}`], tone: 'bad', below };
    });
  return listed('Script errors', summary, [text('where')], rows, errors);
}

/** Message of a failure, cut in a terminal. */
function messageLines(message: string, only: Row['only']) {
  const shown = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE - 1)}…` : message;
  return [
    { text: shown, only: LINES },
    { text: message, only },
  ];
}

/** Place in the user's source, or else the stack's first line. */
function placeOf({ where, stack }: ErrorGroup): string {
  const frame = stack.split('\n').find((line) => /^\s*at /.test(line));
  return where ?? frame?.trim() ?? '(place unknown)';
}

/** Section of groups. A page has all of them, other media the most frequent. */
function listed(
  title: string,
  summary: Summary,
  columns: readonly Column[],
  rows: readonly Row[],
  groups: readonly { readonly count: number }[],
): Section {
  const left = groups
    .map((group) => group.count)
    .sort((a, b) => b - a)
    .slice(MOST_GROUPS);
  const times = count(left.reduce((sum, each) => sum + each, 0));
  const rest = {
    text: `… and ${amount(left.length, 'further group')}, ×${times}`,
    only: [...LINES, 'markdown'] as const,
  };
  const shown = rows.map((row, index): Row => {
    if (index >= MOST_GROUPS) return { ...row, only: 'html' };
    const isLast = index === MOST_GROUPS - 1 && left.length > 0;
    return isLast ? { ...row, below: [...(row.below ?? []), rest] } : row;
  });
  return { ...{ title, aside: wholeRun(summary) }, blocks: [{ kind: 'table', isMarked: true, columns, rows: shown }] };
}
