import type { MetricSummary, Summary } from '../../engine/metrics/snapshot.js';
import { type Block, figure, type Row, text } from '../document/document.js';
import { count } from '../format.js';
import { metricValue } from '../metric-value.js';

/** Label, value and note. */
export type Fact = readonly [label: string, value: string, note?: string | undefined];

/** Table of facts, on dotted lines in a terminal. */
export function facts(rows: readonly (Fact | Row)[], only?: Block['only']): Block {
  const all = rows.map((row) => ('cells' in row ? row : { cells: row }));
  return { kind: 'table', isDotted: true, columns: [text(''), figure(''), text('')], rows: all, only };
}

/** Values of a distribution on one line, in k6's order. */
const K6_KEYS = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];

/** Metric on one line, as in k6. None without samples. */
export function factOf(label: string, metric: MetricSummary, shown: Summary['shown'] = {}): readonly Fact[] {
  const { stats = K6_KEYS, unit } = shown;
  const { values } = metric;
  const { count: sum, rate, value, min, max, passes = 0, fails = 0 } = values;
  const show = (key: string) => shownValue(metric, key, values[key] ?? Number.NaN, unit);
  switch (metric.type) {
    case 'counter':
      return sum === undefined ? [] : [[label, show('count'), rate === undefined ? undefined : show('rate')]];
    case 'gauge': {
      const isRange = min !== undefined && max !== undefined;
      return value === undefined
        ? []
        : [[label, show('value'), isRange ? `min=${show('min')} max=${show('max')}` : undefined]];
    }
    case 'rate':
      return rate === undefined ? [] : [[label, show('rate'), `${count(passes)} out of ${count(passes + fails)}`]];
    case 'trend': {
      const said = stats.flatMap((key) => (values[key] === undefined ? [] : [`${key}=${show(key)}`]));
      return said.length === 0 ? [] : [[label, said.join(' ')]];
    }
  }
}

/** Milliseconds in each unit that can be asked for. */
const UNITS = { s: 1000, ms: 1, us: 0.001 } as const;

function shownValue(metric: MetricSummary, key: string, value: number, unit: keyof typeof UNITS | undefined): string {
  if (!unit || metric.contains !== 'time' || key === 'count') return metricValue(metric, key, value);
  return `${(value / UNITS[unit]).toFixed(2)}${unit.replace('u', 'µ')}`;
}
