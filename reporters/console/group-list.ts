import { safeText } from '../terminal-text.js';
import { isTooFew } from './sample-size.js';
import { type Page, section } from './section.js';
import { trendRow, trendTable } from './trend-table.js';

/** Place in a script: its scenario, where there are several, and group. */
interface Place {
  readonly scenario?: string;
  readonly group?: string;
}

/** Duration of each group. */
export function groupList(page: Page): readonly string[] {
  const metric = page.summary.metrics.group_duration;
  if (!metric || !page.isFull) return [];
  const series = metric.series ?? [];
  const severalScenarios = new Set(series.map(({ tags }) => tags.scenario)).size > 1;
  const rows = series.flatMap(({ tags, values }) => {
    const marked = (key: string) => isTooFew(values.count ?? 0, key);
    return trendRow(placeText(tags, severalScenarios), metric, values, marked) ?? [];
  });
  return section(page, 'GROUPS', trendTable(page, rows));
}

/** `talk › login › first try`. Empty outside of all groups of the only scenario. */
export function placeText({ scenario = '', group = '' }: Place, withScenario: boolean): string {
  const names = group.split('::').slice(1);
  // setup() and teardown() run in groups of those names.
  const path = names[0] === scenario ? names.slice(1) : names;
  return (withScenario ? [scenario, ...path] : path).map(safeText).join(' › ');
}
