import type { ErrorGroup, FailureGroup } from '../../engine/metrics/delta.js';
import { amount, count, duration } from '../format.js';
import { padLeft, padRight, safeText, shorten, shortenFront, widest } from '../terminal-text.js';
import { INDENT, type Page, paragraph, section, wholeRun } from './section.js';

const MOST_GROUPS = 10;
const LONGEST_NAME = 24;
const LONGEST_MESSAGE = 400;
const BELOW = `${INDENT}  `;

/** Failed requests by kind, most frequent first, each with its last message. */
export function failureList(page: Page): readonly string[] {
  const { paint, summary } = page;
  const groups = [...summary.failures].sort((a, b) => b.count - a.count);
  const shown = groups.slice(0, MOST_GROUPS);
  const kinds = widest(shown.map(kindOf));
  const counts = widest(shown.map(timesOf));
  const names = widest(shown.map((group) => nameOf(page, group)));
  const lines = shown.flatMap((group) => {
    const columns = [
      padRight(kindOf(group), kinds),
      padLeft(timesOf(group), counts),
      padRight(nameOf(page, group), names),
      paint.dim(when(group)),
    ];
    return [`${INDENT}${paint.red('✗')} ${columns.join('  ')}`, ...message(page, messageText(group))];
  });
  return section(page, 'FAILURES', [...lines, ...rest(page, groups)], wholeRun(page));
}

/** Exceptions of the script, by the place that threw them. */
export function scriptErrors(page: Page): readonly string[] {
  const groups = [...page.summary.errors].sort((a, b) => b.count - a.count);
  const lines = groups
    .slice(0, MOST_GROUPS)
    .flatMap((group) => [
      ...paragraph(page, page.paint.red('✗'), `${placeOf(group)} ${timesOf(group)}`),
      ...message(page, group.message),
    ]);
  return section(page, 'SCRIPT ERRORS', [...lines, ...rest(page, groups)], wholeRun(page));
}

/** Message of a failure, and its server where there are several. */
function messageText({ target, message }: FailureGroup): string {
  return target === undefined ? message : `${target}: ${message}`;
}

function kindOf({ kind, status }: FailureGroup): string {
  return status === undefined ? safeText(kind) : `${safeText(kind)} ${status}`;
}

function timesOf(group: { readonly count: number }): string {
  return `×${count(group.count)}`;
}

function nameOf({ summary }: Page, { scenario, name }: FailureGroup): string {
  const several = summary.plan.scenarios.length > 1;
  const text = safeText(several ? `${scenario} › ${name}` : name);
  // URLs of one server differ at their ends.
  return name.includes('://') ? shortenFront(text, LONGEST_NAME) : shorten(text, LONGEST_NAME);
}

function when({ count: times, firstAt, lastAt }: FailureGroup): string {
  return times === 1 ? `at ${duration(lastAt)}` : `${duration(firstAt)} to ${duration(lastAt)}`;
}

/** Place in the user's source, or else the stack's first line. */
function placeOf({ where, stack }: ErrorGroup): string {
  const frame = stack.split('\n').find((line) => /^\s*at /.test(line));
  return safeText(where ?? frame ?? '(place unknown)');
}

function message(page: Page, text: string): readonly string[] {
  return paragraph(page, '', shorten(safeText(text), LONGEST_MESSAGE), BELOW);
}

function rest(page: Page, groups: readonly { readonly count: number }[]): readonly string[] {
  const left = groups.slice(MOST_GROUPS);
  if (left.length === 0) return [];
  const times = left.reduce((sum, group) => sum + group.count, 0);
  return [INDENT + page.paint.dim(`… and ${amount(left.length, 'further group')}, ×${count(times)}`)];
}
