import { BUILT_IN, type BuiltInMetric, type Contains } from '../../engine/metrics/catalogue.js';
import type { LiveRecord } from '../../engine/metrics/reporter.js';
import { type KeyedSeries, type Phase, type Tags, tagsText } from '../../engine/metrics/series.js';
import type { ExportedMetric, ExportedUnit } from './metric.js';

const UNITS: Readonly<Record<Contains, ExportedUnit>> = { time: 'ms', data: 'By', default: '' };

/** Flows from which metrics are derived, and their meaning. */
const FLOWS: Readonly<Record<string, string>> = {
  flow_output_tokens: 'output tokens, when they arrived',
  flow_output_characters: 'characters of output, when they arrived',
  flow_input_tokens: 'input tokens, when their requests ended',
  flow_requests: 'successful requests, when they ended',
  flow_in_flight_ms: 'time in flight, summed over all requests',
};

/** Gauges without phases, which a snapshot has. */
const OF_SNAPSHOT: readonly string[] = ['vus', 'vus_max'];

const CATALOGUE: Readonly<Record<string, Partial<BuiltInMetric>>> = BUILT_IN;

/**
 * Metrics of a run by their catalogue names. They cover all samples so far but those of failed requests. The label
 * `phase` is `steady` or `outside`. A rate becomes two counters: what held, and NAME`_samples`.
 */
export function seriesMetrics(record: LiveRecord): readonly ExportedMetric[] {
  const byMetric = new Map<string, KeyedSeries[]>();
  for (const each of record.series) {
    const { metric, tags } = each.key;
    if (tags.failed !== undefined || OF_SNAPSHOT.includes(metric)) continue;
    if (CATALOGUE[metric]?.hidden && !(metric in FLOWS)) continue;
    const known = byMetric.get(metric);
    if (known) known.push(each);
    else byMetric.set(metric, [each]);
  }
  return [...[...byMetric].flatMap(([name, all]) => ofSeries(name, all)), ...derived(record, byMetric)];
}

function ofSeries(name: string, all: readonly KeyedSeries[]): readonly ExportedMetric[] {
  const [first] = all;
  if (!first) return [];
  const unit = name === 'flow_in_flight_ms' ? 'ms' : UNITS[first.key.contains];
  const about = { name, unit, help: helpOf(name) };
  switch (first.key.kind) {
    case 'counter':
      return [{ ...about, kind: 'counter', points: points(all, (series) => series.kind === 'counter' && series.sum) }];
    case 'gauge':
      return [{ ...about, kind: 'gauge', points: points(all, (series) => series.kind === 'gauge' && series.value) }];
    case 'trend':
      return [
        { ...about, kind: 'histogram', points: points(all, (series) => series.kind === 'trend' && series.histogram) },
      ];
    case 'rate':
      return [
        { ...about, kind: 'counter', points: points(all, (series) => series.kind === 'rate' && series.passes) },
        {
          ...{ name: `${name}_samples`, unit, help: `samples of ${name}` },
          ...{ kind: 'counter', points: points(all, (series) => series.kind === 'rate' && series.total) },
        },
      ];
  }
}

/** Points of the series that have a value of the metric's kind. */
function points<Value>(
  all: readonly KeyedSeries[],
  read: (series: KeyedSeries['series']) => Value | false,
): readonly { readonly labels: Tags; readonly value: Value }[] {
  return all.flatMap(({ key, series }) => {
    const value = read(series);
    return value === false ? [] : [{ labels: labelsOf(key.tags, key.phase), value }];
  });
}

/** Metrics derived from flows. They are weighted sums of their rates in each phase so far. */
function derived(
  { seconds }: LiveRecord,
  byMetric: ReadonlyMap<string, readonly KeyedSeries[]>,
): readonly ExportedMetric[] {
  return Object.entries(CATALOGUE).flatMap(([name, { derived: weights }]): ExportedMetric[] => {
    if (!weights) return [];
    const sums = new Map<string, { readonly labels: Tags; value: number }>();
    for (const [flow, weight] of Object.entries(weights)) {
      for (const { key, series } of byMetric.get(flow) ?? []) {
        if (series.kind !== 'counter' || !(seconds[key.phase] > 0)) continue;
        const labels = labelsOf(key.tags, key.phase);
        const text = tagsText(labels);
        const sum = sums.get(text) ?? { labels, value: 0 };
        sum.value += (weight * series.sum) / seconds[key.phase];
        sums.set(text, sum);
      }
    }
    return sums.size === 0 ? [] : [{ name, kind: 'gauge', unit: '', help: helpOf(name), points: [...sums.values()] }];
  });
}

/** Tags and phase as labels; a missing tag equals an empty one. A tag `phase` becomes `tag_phase`. */
function labelsOf({ phase: own = '', ...tags }: Tags, phase: Phase): Tags {
  const told = Object.entries({ ...tags, tag_phase: own }).filter(([, value]) => value !== '');
  return { ...Object.fromEntries(told), phase };
}

/** Definition of a metric without Markdown. */
function helpOf(name: string): string {
  const text = FLOWS[name] ?? CATALOGUE[name]?.definition ?? 'metric of the scenario';
  return text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
}
