import { BUILT_IN, type MetricInfo } from '../engine/metrics/catalogue.js';
import type { MetricSummary, Summary } from '../engine/metrics/snapshot.js';
import { bytes, count, type Decimals, duration, percent } from './format.js';

/** Properties of a metric that decide how values are written. */
export type MetricForm = Pick<MetricSummary, 'type' | 'contains'>;

/** Value of a metric in its unit, under a key (`avg`, `p(95)`, …). */
export function metricValue(form: MetricForm, key: string, value: number, decimals: Decimals = 'trimmed'): string {
  if (key === 'rate') {
    if (form.type === 'rate') return percent(value);
    return `${form.contains === 'data' ? bytes(value) : count(value)}/s`;
  }
  // The count of a trend is a number of samples, that of a counter a sum in its unit.
  if (key === 'count' && form.type === 'trend') return count(value);
  if (form.contains === 'time') return duration(value, decimals);
  return form.contains === 'data' ? bytes(value) : count(value);
}

/** Form of a metric that may have no samples. `name` may have a selector. */
export function formOf(summary: Summary, name: string): MetricForm {
  const base = baseName(name);
  return summary.metrics[name] ?? summary.metrics[base] ?? builtInForm(base);
}

/** Form of a built-in metric, given without a selector. An unknown one is a counter. */
export function builtInForm(base: string): MetricForm {
  const builtIn: Readonly<Record<string, MetricInfo>> = BUILT_IN;
  const info = Object.hasOwn(builtIn, base) ? builtIn[base] : undefined;
  return info ? { type: info.kind, contains: info.contains } : { type: 'gauge', contains: 'default' };
}

/** `llm_ttft` of `llm_ttft{name:chat}`. */
export function baseName(name: string): string {
  const open = name.indexOf('{');
  return (open < 0 ? name : name.slice(0, open)).trim();
}
