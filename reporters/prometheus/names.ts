import type { Tags } from '../../engine/metrics/series.js';
import type { ExportedMetric, ExportedUnit } from '../exported/metric.js';

/** Prefix of all names. */
const PREFIX = 'tokenswarm_';

/** Base unit of values by ours, and the factor to it. */
const BASE: Readonly<Record<ExportedUnit, { readonly unit: string; readonly factor: number }>> = {
  ms: { unit: 'seconds', factor: 0.001 },
  s: { unit: 'seconds', factor: 1 },
  By: { unit: 'bytes', factor: 1 },
  W: { unit: 'watts', factor: 1 },
  J: { unit: 'joules', factor: 1 },
  Hz: { unit: 'hertz', factor: 1 },
  Cel: { unit: 'celsius', factor: 1 },
  ratio: { unit: 'ratio', factor: 1 },
  '': { unit: '', factor: 1 },
};

/** Labels of Prometheus' own. */
const RESERVED = new Set(['le', 'quantile', 'job', 'instance']);

/** Name and unit of a metric by Prometheus' conventions. `base` lacks the `_total` of counters. */
export interface PrometheusName {
  readonly base: string;
  /** `seconds`, `bytes`, … or nothing. */
  readonly unit: string;
  /** Factor from our unit to it. */
  readonly factor: number;
}

/** Name of a metric: `llm_ttft` → `tokenswarm_llm_ttft_seconds`. */
export function prometheusName({ name, unit: ours }: Pick<ExportedMetric, 'name' | 'unit'>): PrometheusName {
  const { unit, factor } = BASE[ours];
  const plain = `${PREFIX}${name.replace(/_ms$/, '').replace(/[^a-zA-Z0-9_]/g, '_')}`;
  return { base: unit === '' ? plain : `${plain}_${unit}`, unit, factor };
}

/** Labels with names that Prometheus takes; values may be any text. Names that become one are joined by `;`. */
export function prometheusLabels(labels: Tags): readonly (readonly [name: string, value: string])[] {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(labels)) {
    const label = labelName(name);
    const known = found.get(label);
    found.set(label, known === undefined ? value : `${known};${value}`);
  }
  return [...found];
}

function labelName(name: string): string {
  const safe = name.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^__+/, '_');
  return RESERVED.has(safe) || /^(\d|$)/.test(safe) ? `tag_${safe}` : safe;
}
