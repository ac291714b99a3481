import type { MetricSummary, Summary, Values } from '../../engine/metrics/snapshot.js';
import { metricValue } from '../console/metric-value.js';
import { isTooFew } from '../console/sample-size.js';
import { count, NO_NUMBER, percent } from '../format.js';
import { latenciesByName, latenciesOf } from '../metric-rows.js';
import { html, type Markup } from './markup.js';
import { type Cell, figure, table } from './table.js';

const COLUMNS: readonly (readonly [title: string, key: string])[] = [
  ['avg', 'avg'],
  ['min', 'min'],
  ['p50', 'med'],
  ['p90', 'p(90)'],
  ['p95', 'p(95)'],
  ['p99', 'p(99)'],
  ['max', 'max'],
];

const HEAD = ['', ...COLUMNS.map(([title]) => title), 'samples'];

/** Table of latencies, with the bounds of each figure. */
export function latencyTable(summary: Summary): Markup {
  const { metrics } = summary;
  const shown = latenciesOf(summary, 'sent', 'scheduled', 'http');
  const rows = shown.flatMap(({ label, metric: name }) => {
    const metric = metrics[name];
    return metric?.values.avg === undefined ? [] : [[label, ...distribution(metric, metric.values)] as const];
  });
  const bounded = rows.length > 0 && shown.some(({ metric }) => metrics[metric]?.confidence);
  const note = bounded && html`<small>below each: its bounds at 99 % confidence</small>`;
  return table(html`Latency${note}`, HEAD, rows);
}

/** Table by request name, scenario and server, where there are several. */
export function requestTable({ metrics }: Summary): Markup {
  const rows = latenciesByName('sent', 'http').flatMap(({ label, metric: name }) => {
    const metric = metrics[name];
    return (metric?.series ?? []).flatMap(({ tags, values }) => {
      if (!metric || tags.failed !== undefined || values.avg === undefined) return [];
      const place = tags.target ?? [tags.scenario, tags.name].filter(Boolean).join(' › ');
      return [{ place, row: [html`${place}<small>${label}</small>`, ...distribution(metric, values)] as const }];
    });
  });
  const places = [...new Set(rows.map(({ place }) => place))];
  return table(
    'Requests by name',
    HEAD,
    places.flatMap((name) => rows.flatMap(({ place, row }) => (place === name ? [row] : []))),
  );
}

/** Table of the durations of the script's groups. */
export function groupTable({ metrics }: Summary): Markup {
  const metric = metrics.group_duration;
  const rows = (metric?.series ?? []).map(({ tags, values }) => {
    const path = (tags.group ?? '').split('::').slice(1);
    return [[tags.scenario, ...path].filter(Boolean).join(' › '), ...distribution(metric!, values)] as const;
  });
  return table('Groups', HEAD, rows);
}

/** Table of all metrics, in full. */
export function metricTable({ metrics }: Summary): Markup {
  const names = Object.keys(metrics);
  if (names.length === 0) return html``;
  const rows = names.map((name) => {
    const { values } = metrics[name]!;
    const parts = Object.entries(values).map(([key, value]) => `${key} = ${metricValue(metrics[name]!, key, value)}`);
    return [name, { content: parts.join('   '), kind: 'text' }] as const satisfies readonly [string, Cell];
  });
  return html`<details><summary>All ${count(names.length)} metrics</summary>
${table('', [], rows)}</details>`;
}

/** `66.1ms – 73.2ms`; empty where there are no bounds. */
export function boundsText(metric: MetricSummary, key: string): string | undefined {
  const bounds = metric.confidence?.[key];
  return bounds?.map((bound) => written(metric, key, bound)).join(' – ');
}

function distribution(metric: MetricSummary, values: Values): Cell[] {
  const samples = values.samples ?? values.count ?? 0;
  const own = values === metric.values;
  const cells = COLUMNS.map(([, key]) => {
    const value = values[key];
    if (value === undefined) return figure(NO_NUMBER);
    const mark = isTooFew(samples, key) && html`<span class="doubtful" title="too few samples to bound it">*</span>`;
    return figure(html`${written(metric, key, value)}${mark}`, own ? boundsText(metric, key) : undefined);
  });
  return [...cells, figure(count(samples))];
}

function written(metric: MetricSummary, key: string, value: number): string {
  return metric.type === 'rate' && key === 'rate' ? percent(value) : metricValue(metric, key, value, 'kept');
}
