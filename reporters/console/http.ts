import type { MetricSummary, Values } from '../../engine/metrics/snapshot.js';
import { count, duration, percent } from '../format.js';
import { safeText } from '../terminal-text.js';
import { baseName } from './metric-value.js';
import { dotted, type Page, type Row, section } from './section.js';

/** Plain HTTP metrics to show, in k6's order. Request phases appear only when a threshold names them. */
const SHOWN = ['http_req_duration', 'http_req_failed', 'http_reqs', 'http_censored'];

const COLUMNS = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];

/** Plain HTTP metrics as in k6's summary, each with submetrics of thresholds. */
export function http(page: Page): readonly string[] {
  const { metrics } = page.summary;
  const parts = Object.keys(metrics).filter((name) => name.startsWith('http_') && name !== baseName(name));
  const asked = parts.map(baseName).filter((name) => !SHOWN.includes(name));
  const rows = [...SHOWN, ...new Set(asked)].flatMap((name) => [
    ...row(name, metrics[name]),
    ...parts.filter((part) => baseName(part) === name).flatMap((part) => row(partOf(part), metrics[part])),
  ]);
  return section(page, 'HTTP', dotted(page, rows));
}

/** `  { expected_response:true }` of `http_req_duration{expected_response:true}`. */
function partOf(name: string): string {
  return `  { ${safeText(name.slice(name.indexOf('{') + 1, name.lastIndexOf('}')))} }`;
}

function row(label: string, metric: MetricSummary | undefined): readonly Row[] {
  if (!metric) return [];
  const { type, values } = metric;
  if (type === 'trend') return [{ label, value: distribution(values) }];
  if (type === 'rate') {
    const { rate = 0, passes = 0, fails = 0 } = values;
    return [{ label, value: percent(rate), note: `${count(passes)} out of ${count(passes + fails)}` }];
  }
  return [{ label, value: count(values.count ?? 0), note: `${count(values.rate ?? 0)}/s` }];
}

function distribution(values: Values): string {
  if (values.count === undefined) return '(no samples)';
  return COLUMNS.flatMap((key) => (values[key] === undefined ? [] : [`${key}=${duration(values[key])}`])).join(' ');
}
