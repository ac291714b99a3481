import { BUILT_IN } from '../../engine/metrics/catalogue.js';
import type { MetricSummary } from '../../engine/metrics/snapshot.js';
import { count } from '../format.js';
import { safeText } from '../terminal-text.js';
import { baseName, metricValue } from './metric-value.js';
import { isUnbounded } from './sample-size.js';
import { dotted, type Page, type Row, section } from './section.js';
import { trendRow, trendTable } from './trend-table.js';

/** Custom metrics of the script. Single values, then distributions, each with its submetrics. */
export function customMetrics(page: Page): readonly string[] {
  const custom = Object.entries(page.summary.metrics)
    .filter(([name]) => !Object.hasOwn(BUILT_IN, baseName(name)))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const figures = custom.flatMap(([name, metric]) => {
    const row = figureRow(metric);
    return row ? [{ label: labelOf(name), ...row }] : [];
  });
  const trends = custom.flatMap(([name, metric]) => {
    const row =
      metric.type === 'trend'
        ? trendRow(labelOf(name), metric, metric.values, (key) => isUnbounded(metric, key))
        : undefined;
    return row ? [row] : [];
  });
  const lines = dotted(page, figures);
  const table = trendTable(page, trends);
  return section(
    page,
    'CUSTOM METRICS',
    lines.length > 0 && table.length > 0 ? [...lines, '', ...table] : [...lines, ...table],
  );
}

function labelOf(name: string): string {
  const base = baseName(name);
  return safeText(name) === base ? base : `  ${safeText(name.slice(name.indexOf('{')))}`;
}

function figureRow(metric: MetricSummary): Omit<Row, 'label'> | undefined {
  const { type, values } = metric;
  const show = (key: string): string => metricValue(metric, key, values[key] ?? Number.NaN);
  if (type === 'counter' && values.count !== undefined) {
    return values.rate === undefined ? { value: show('count') } : { value: show('count'), note: show('rate') };
  }
  if (type === 'gauge' && values.value !== undefined) {
    return values.min === undefined || values.max === undefined
      ? { value: show('value') }
      : { value: show('value'), note: `min=${show('min')} max=${show('max')}` };
  }
  if (type === 'rate' && values.rate !== undefined) {
    const { passes = 0, fails = 0 } = values;
    return { value: show('rate'), note: `${count(passes)} out of ${count(passes + fails)}` };
  }
  return undefined;
}
