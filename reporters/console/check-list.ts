import type { CheckSummary } from '../../engine/metrics/snapshot.js';
import { amount, count, percent } from '../format.js';
import { safeText, shorten } from '../terminal-text.js';
import { placeText } from './group-list.js';
import { dotted, INDENT, type Page, section, wholeRun } from './section.js';

/** Checks of the script. Totals as in k6, then each check, by scenario and group. */
export function checkList(page: Page): readonly string[] {
  const { checks } = page.summary;
  if (checks.length === 0) return [];
  if (!page.isFull) return brief(page, checks);
  const severalScenarios = new Set(checks.map(({ scenario }) => scenario)).size > 1;
  const placeOf = (check: CheckSummary) => placeText(check, severalScenarios);
  const lists = [...new Set(checks.map(placeOf))].flatMap((place) => [
    '',
    ...(place === '' ? [] : [INDENT + page.paint.bold(shorten(place, page.width - INDENT.length))]),
    ...checks.filter((check) => placeOf(check) === place).flatMap((check) => checkLines(page, check)),
  ]);
  return section(page, 'CHECKS', [...totals(page, checks), ...lists], wholeRun(page));
}

/** Sum of the checks, and those that failed. */
function brief(page: Page, checks: readonly CheckSummary[]): readonly string[] {
  const failing = checks.filter(({ fails }) => fails > 0);
  const severalScenarios = new Set(checks.map(({ scenario }) => scenario)).size > 1;
  const lines = failing.flatMap((check) => {
    const place = placeText(check, severalScenarios);
    return checkLines(page, place === '' ? check : { ...check, name: `${place} › ${check.name}` });
  });
  const held = checks.length - failing.length;
  const sum = held === 0 ? [] : [`${INDENT}${page.paint.green('✓')} ${amount(held, 'check')} held each time`];
  return section(page, 'CHECKS', [...lines, ...sum], wholeRun(page));
}

function totals(page: Page, checks: readonly CheckSummary[]): readonly string[] {
  const passes = checks.reduce((sum, check) => sum + check.passes, 0);
  const fails = checks.reduce((sum, check) => sum + check.fails, 0);
  const all = passes + fails;
  const { from, to } = page.summary.windows.whole;
  const share = (part: number) => ({
    value: percent(all === 0 ? 0 : part / all),
    note: `${count(part)} out of ${count(all)}`,
  });
  return dotted(page, [
    { label: 'checks_total', value: count(all), ...(to > from ? { note: `${count(all / (to - from))}/s` } : {}) },
    { label: 'checks_succeeded', ...share(passes) },
    { label: 'checks_failed', ...share(fails) },
  ]);
}

function checkLines(page: Page, { name, passes, fails }: CheckSummary): readonly string[] {
  const { green, red } = page.paint;
  const title = shorten(safeText(name), page.width - INDENT.length - 2);
  if (fails === 0) return [`${INDENT}${green('✓')} ${title}`];
  const share = String(Math.trunc((100 * passes) / (passes + fails))).padStart(3);
  return [
    `${INDENT}${red('✗')} ${title}`,
    `${INDENT}  ↳ ${share}% — ${green('✓')} ${count(passes)} / ${red('✗')} ${count(fails)}`,
  ];
}
