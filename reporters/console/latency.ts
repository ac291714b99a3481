import type { MetricSummary, Summary } from '../../engine/metrics/snapshot.js';
import { amount } from '../format.js';
import { type LatencyRow, latenciesByName, latenciesOf } from '../metric-rows.js';
import { safeText, shorten } from '../terminal-text.js';
import { isTooFew, isUnbounded } from './sample-size.js';
import { INDENT, type Page, section } from './section.js';
import { type TrendRow, trendRow, trendTable } from './trend-table.js';

type Tags = Summary['run']['tags'];

/** Latencies shown for each request name, where there are several. */
const ROWS_PER_NAME = latenciesByName('sent');

const MOST_NAMES = 10;

/** Latencies of all requests, then from schedule, then by request name. */
export function latency(page: Page): readonly string[] {
  const all = allOf(page.summary, latenciesOf(page.summary, 'sent'));
  const named = page.isFull ? byName(page) : [];
  return section(page, 'LATENCY', trendTable(page, [...all, ...fromSchedule(page), ...named]));
}

function allOf({ metrics }: Summary, rows: readonly LatencyRow[]): readonly TrendRow[] {
  return rows.flatMap(({ short, metric: name }) => {
    const metric = metrics[name];
    return row(short, metric, metric?.values, (key) => isUnbounded(metric, key));
  });
}

/** Latencies from the scheduled start, free of coordinated omission. */
function fromSchedule({ summary, paint }: Page): readonly (TrendRow | string)[] {
  const rows = allOf(summary, latenciesOf(summary, 'scheduled'));
  if (rows.length === 0) return [];
  return ['', `${INDENT}${paint.bold('from schedule')}${paint.dim('  since the iteration was due')}`, ...rows];
}

/** Values of each metric for one request name. */
interface NamedSeries {
  readonly label: string;
  readonly requests: number;
  readonly rows: readonly TrendRow[];
}

function byName(page: Page): readonly (TrendRow | string)[] {
  const named = namedSeries(page.summary);
  if (named.length < 2) return [];
  const shown = named.slice(0, MOST_NAMES);
  const { bold, dim } = page.paint;
  const lines = shown.flatMap(({ label, requests, rows }) => {
    const aside = `  ${amount(requests, 'request')}`;
    return ['', INDENT + bold(shorten(label, page.width - INDENT.length - aside.length)) + dim(aside), ...rows];
  });
  const left = named.length - shown.length;
  return left === 0 ? lines : [...lines, '', INDENT + dim(`… and ${amount(left, 'further request name')}`)];
}

function namedSeries({ metrics }: Summary): readonly NamedSeries[] {
  const tags = new Map<string, Tags>();
  for (const { metric: name } of ROWS_PER_NAME) {
    for (const series of metrics[name]?.series ?? []) {
      if (series.tags.failed !== 'true' && series.tags.target === undefined) tags.set(keyOf(series.tags), series.tags);
    }
  }
  const severalScenarios = new Set([...tags.values()].map((tag) => tag.scenario)).size > 1;
  return [...tags]
    .map(([key, tag]): NamedSeries => {
      const find = (metric: MetricSummary | undefined) =>
        metric?.series?.find((series) => keyOf(series.tags) === key)?.values;
      const rows = ROWS_PER_NAME.flatMap(({ label, metric: name }) => {
        const values = find(metrics[name]);
        return row(label, metrics[name], values, (column) => isTooFew(values?.count ?? 0, column));
      });
      return { label: labelOf(tag, severalScenarios), requests: find(metrics.llm_e2e)?.count ?? 0, rows };
    })
    .filter((series) => series.rows.length > 0)
    .sort((a, b) => b.requests - a.requests || (a.label < b.label ? -1 : 1));
}

function row(
  label: string,
  metric: MetricSummary | undefined,
  values: MetricSummary['values'] | undefined,
  marked: (key: string) => boolean,
): readonly TrendRow[] {
  const found = metric && values ? trendRow(label, metric, values, marked) : undefined;
  return found ? [found] : [];
}

function keyOf(tags: Tags): string {
  return JSON.stringify([tags.scenario, tags.name]);
}

function labelOf(tags: Tags, withScenario: boolean): string {
  const parts = withScenario ? [tags.scenario, tags.name] : [tags.name ?? tags.scenario];
  return (
    parts
      .map((part) => safeText(part ?? ''))
      .filter((part) => part !== '')
      .join(' › ') || '(no name)'
  );
}
