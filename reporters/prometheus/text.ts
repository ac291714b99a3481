import type { Family } from './families.js';

/** Dialect of the text: Prometheus' own, or OpenMetrics. */
export type Dialect = 'prometheus' | 'openmetrics';

/** Families in Prometheus' text format 0.0.4, or in OpenMetrics 1.0 with units. */
export function prometheusText(families: readonly Family[], dialect: Dialect): string {
  const isOpen = dialect === 'openmetrics';
  const lines: string[] = [];
  for (const family of families) {
    const { base, unit, help, kind } = family;
    const name = kind === 'counter' && !isOpen ? `${base}_total` : base;
    lines.push(`# HELP ${name} ${help.replace(isOpen ? /[\\"\n]/g : /[\\\n]/g, escaped)}`);
    if (isOpen && unit !== '') lines.push(`# UNIT ${name} ${unit}`);
    lines.push(`# TYPE ${name} ${kind}`);
    if (family.kind !== 'histogram') {
      const sample = kind === 'counter' ? `${base}_total` : base;
      for (const { labels, value } of family.samples) lines.push(`${sample}${braced(labels)} ${written(value)}`);
      continue;
    }
    const bounds = family.bounds.map((bound) => bucketBound(bound, isOpen));
    for (const { labels, count, sum, upTo } of family.distributions) {
      // The labels are written once, not for each of forty buckets.
      const open = `${base}_bucket{${labels.map(pair).join('')}le="`;
      for (let i = 0; i < bounds.length; i += 1) lines.push(`${open}${bounds[i]}"} ${upTo[i]}`);
      lines.push(`${open}+Inf"} ${count}`);
      lines.push(`${base}_sum${braced(labels)} ${written(sum)}`, `${base}_count${braced(labels)} ${count}`);
    }
  }
  if (isOpen) lines.push('# EOF');
  return `${lines.join('\n')}\n`;
}

type Labels = readonly (readonly [name: string, value: string])[];

function braced(labels: Labels): string {
  return labels.length === 0 ? '' : `{${labels.map(pair).join('').slice(0, -1)}}`;
}

function pair([name, value]: readonly [string, string]): string {
  return `${name}="${value.replace(/[\\"\n]/g, escaped)}",`;
}

function escaped(character: string): string {
  return character === '\n' ? '\\n' : `\\${character}`;
}

/** OpenMetrics wants a bound to look like a float. */
function bucketBound(bound: number, isOpen: boolean): string {
  return isOpen && Number.isInteger(bound) ? bound.toFixed(1) : String(bound);
}

function written(value: number): string {
  return Math.abs(value) === Number.POSITIVE_INFINITY ? `${value > 0 ? '+' : '-'}Inf` : String(value);
}
