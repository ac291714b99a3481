import type { ComparedMetric, ComparedRun, Tool } from '../compare/compared-run.js';

/** Statistics under our keys. A missing one is undefined or null. */
export type Told = Readonly<Record<string, number | null | undefined>>;

/** Trend of times in milliseconds. Undefined without a statistic, or where all are zero, as of nothing measured. */
export function trend(
  told: Told,
  { scale = 1, remark }: { scale?: number; remark?: string } = {},
): ComparedMetric | undefined {
  const values: Record<string, number> = {};
  for (const [key, value] of Object.entries(told)) {
    if (typeof value === 'number' && Number.isFinite(value)) values[key] = key === 'count' ? value : value * scale;
  }
  const measured = Object.entries(values).filter(([key]) => key !== 'count');
  if (measured.length === 0 || measured.every(([, value]) => value === 0)) return undefined;
  return { type: 'trend', contains: 'time', values, percentiles: 'interpolated', ...(remark && { remark }) };
}

/** Single figure; undefined for none. */
export function gauge(value: number | null | undefined, remark?: string): ComparedMetric | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  return { type: 'gauge', contains: 'default', values: { value }, ...(remark && { remark }) };
}

/** Share of a part in the whole; undefined without requests. */
export function share(part: number, rest: number): ComparedMetric | undefined {
  const all = part + rest;
  if (!(all > 0)) return undefined;
  return { type: 'rate', contains: 'default', values: { rate: part / all, passes: part, fails: rest } };
}

/** A run of another tool. Metrics that are undefined are left out. */
export function importedRun(
  file: string,
  tool: Tool,
  metrics: Readonly<Record<string, ComparedMetric | undefined>>,
  rest: Partial<Pick<ComparedRun, 'tokens' | 'facts' | 'tokenizer'>> = {},
): ComparedRun {
  const found = Object.entries(metrics).filter((entry): entry is [string, ComparedMetric] => entry[1] !== undefined);
  return {
    file,
    tool,
    metrics: Object.fromEntries(found),
    tokens: {},
    window: 'whole',
    facts: {},
    intervals: [],
    ...rest,
  };
}

/** Names of runs in a file: `FILE`, or `FILE#1`, `FILE#2`, … for several. */
export function numbered(file: string, index: number, count: number): string {
  return count > 1 ? `${file}#${index + 1}` : file;
}
