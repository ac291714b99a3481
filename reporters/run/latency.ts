import type { MetricSummary, Summary, Values } from '../../engine/metrics/snapshot.js';
import { type Cell, type Column, figure, type Medium, type Row, type Section, text } from '../document/document.js';
import { amount, compactCount, count, NO_NUMBER } from '../format.js';
import { metricValue } from '../metric-value.js';
import { FEW_SAMPLES, isTooFew, isUnbounded } from '../sample-size.js';
import { latenciesByName, latenciesOf } from './metric-rows.js';
import { placeText } from './words.js';

type Series = NonNullable<MetricSummary['series']>[number];

/** Media that have room for every percentile. */
const LONG: readonly Medium[] = ['text', 'html', 'markdown'];

/** Columns of distributions. The value key of each, and the media that show it. */
const COLUMNS: readonly (readonly [head: string, key: string, only?: readonly Medium[]])[] = [
  ['avg', 'avg'],
  ['min', 'min', ['text', 'html']],
  ['p50', 'med'],
  ['p90', 'p(90)', LONG],
  ['p95', 'p(95)'],
  ['p99', 'p(99)'],
  ['max', 'max'],
];

/** Columns of a table of distributions. */
export const TREND_COLUMNS: readonly Column[] = [
  text(''),
  ...COLUMNS.map(([head, , only]) => figure(head, only)),
  figure('samples', 'html'),
];

/** Cells of one distribution, with bounds. None where nothing was recorded. */
export function trendCells(metric: MetricSummary, values: Values, isMarked: (key: string) => boolean): readonly Cell[] {
  if (values.avg === undefined) return [];
  const cells = COLUMNS.map(([, key]): Cell => {
    const value = values[key] ?? (key === 'med' ? values['p(50)'] : undefined);
    if (value === undefined) return { text: NO_NUMBER };
    const written = metric.contains === 'default' ? compactCount(value) : metricValue(metric, key, value, 'kept');
    const note = values === metric.values ? boundsText(metric, key) : undefined;
    return { text: written, note, mark: isMarked(key) ? FEW_SAMPLES : undefined };
  });
  return [...cells, { text: count(values.samples ?? values.count ?? 0) }];
}

/** `66.1ms – 73.2ms`; undefined where there are no bounds. */
export function boundsText(metric: MetricSummary, key: string): string | undefined {
  return metric.confidence?.[key]?.map((bound) => metricValue(metric, key, bound, 'kept')).join(' – ');
}

/** Row of all values of a metric. */
export function trendRow(label: string, metric: MetricSummary | undefined, only?: Row['only']): readonly Row[] {
  const cells = metric ? trendCells(metric, metric.values, (key) => isUnbounded(metric, key)) : [];
  return cells.length === 0 ? [] : [{ cells: [label, ...cells], only }];
}

/** Latencies of all requests, from schedule, by request name and by server. */
export function latencySection(summary: Summary): Section {
  const { metrics } = summary;
  const all = latenciesOf(summary, 'sent').flatMap(({ short, metric }) => trendRow(short, metrics[metric]));
  const due = latenciesOf(summary, 'scheduled').flatMap(({ short, metric }) => trendRow(short, metrics[metric]));
  const http = latenciesOf(summary, 'http').flatMap(({ label, metric }) =>
    trendRow(label, metrics[metric], ['html', 'markdown']),
  );
  const schedule = { heading: 'from schedule', aside: 'since the iteration was due', cells: [] };
  const rows = [...all, ...http, ...(due.length > 0 ? [schedule, ...due] : []), ...bySeries(summary)];
  const isBounded = all.some(({ cells }) => cells.some((cell) => typeof cell === 'object' && cell.note));
  return {
    title: 'Latency',
    blocks: [
      { kind: 'table', isEven: true, columns: TREND_COLUMNS, rows },
      ...(isBounded
        ? [{ kind: 'paragraph', text: 'Below each figure: its bounds at 99 % confidence.', only: 'html' } as const]
        : []),
    ],
  };
}

/** Most request names in a terminal. */
const MOST_NAMES = 10;

/** Rows by request name, where there are several, and by server. */
function bySeries({ metrics }: Summary): readonly Row[] {
  const found = new Map<string, Series['tags']>();
  for (const { metric } of latenciesByName('sent', 'http')) {
    for (const { tags } of metrics[metric]?.series ?? []) {
      if (tags.failed === undefined) found.set(keyOf(tags), tags);
    }
  }
  const severalScenarios = new Set([...found.values()].flatMap(({ scenario }) => scenario ?? [])).size > 1;
  const seriesOf = (metric: string, key: string) =>
    metrics[metric]?.series?.find(({ tags }) => tags.failed === undefined && keyOf(tags) === key)?.values;
  const named = [...found]
    .map(([key, tags]) => ({
      key,
      tags,
      label: labelOf(tags, severalScenarios),
      requests: seriesOf('llm_e2e', key)?.count ?? 0,
    }))
    .sort((a, b) => b.requests - a.requests || (a.label < b.label ? -1 : 1));
  const names = named.filter(({ tags }) => tags.target === undefined);
  const servers = named.filter(({ tags }) => tags.target !== undefined);
  const rowsOf = ({ key, label, requests }: (typeof named)[number], only: readonly Medium[]): readonly Row[] => {
    const rows = latenciesByName('sent', 'http').flatMap(({ label: name, metric }): Row[] => {
      const values = seriesOf(metric, key);
      const own = metrics[metric];
      const cells = own && values ? trendCells(own, values, (column) => isTooFew(values.count ?? 0, column)) : [];
      return cells.length === 0 ? [] : [{ cells: [name, ...cells], only: metric.startsWith('http') ? 'html' : only }];
    });
    return rows.length === 0
      ? []
      : [{ heading: label, aside: requests > 0 ? amount(requests, 'request') : undefined, cells: [], only }, ...rows];
  };
  const left = amount(names.length - MOST_NAMES, 'further request name');
  return [
    ...(names.length < 2
      ? []
      : names.flatMap((each, index) => rowsOf(each, index < MOST_NAMES ? ['text', 'html'] : ['html']))),
    ...(names.length > MOST_NAMES ? [{ heading: `… and ${left}`, cells: [], only: 'text' } as const] : []),
    ...servers.flatMap((each) => rowsOf(each, ['html'])),
  ];
}

function keyOf({ scenario, name, target }: Series['tags']): string {
  return JSON.stringify([scenario, name, target]);
}

function labelOf({ scenario, name, target }: Series['tags'], withScenario: boolean): string {
  const parts = withScenario ? [scenario, name] : [name ?? scenario];
  return target ?? (parts.filter(Boolean).join(' › ') || '(no name)');
}

/** Durations of the script's groups. */
export function groupSection({ metrics }: Summary): Section {
  const metric = metrics.group_duration;
  const series = metric?.series ?? [];
  const severalScenarios = new Set(series.map(({ tags }) => tags.scenario)).size > 1;
  const rows = series.flatMap(({ tags, values }): Row[] => {
    const cells = metric ? trendCells(metric, values, (key) => isTooFew(values.count ?? 0, key)) : [];
    return cells.length === 0 ? [] : [{ cells: [placeText(tags, severalScenarios), ...cells] }];
  });
  return {
    title: 'Groups',
    only: ['text', 'html'],
    blocks: [{ kind: 'table', isEven: true, columns: TREND_COLUMNS, rows }],
  };
}
