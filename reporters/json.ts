import type { Summary } from '../engine/metrics/snapshot.js';
import { writeWhole } from './files.js';

/** Record of a run as JSON, with this indent; summary.schema.json describes it. */
export function summaryJson(summary: Summary, indent = 2): string {
  return `${roundedJson(summary, indent)}\n`;
}

/** JSON of a value, with numbers as in a record. In one line unless indented. */
export function roundedJson(value: unknown, indent = 0): string {
  const short = (_key: string, each: unknown) => (typeof each === 'number' ? rounded(each) : each);
  return JSON.stringify(value, short, indent);
}

/** Records that were asked for before, by summary. */
const RECORDED = new WeakMap<Summary, Summary>();

/** Record as read back from its JSON. Makes reports written now and later agree. */
export function asRecorded(summary: Summary): Summary {
  const recorded = RECORDED.get(summary) ?? (JSON.parse(summaryJson(summary)) as Summary);
  RECORDED.set(summary, recorded).set(recorded, recorded);
  return recorded;
}

/** Writes the record of a run to a file, as `writeWhole` does. */
export async function writeJson(path: string, summary: Summary): Promise<void> {
  await writeWhole(path, summaryJson(summary));
}

/** Number rounded to nanoseconds (of milliseconds) or nine digits (of shares). Undefined if not finite. */
function rounded(value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  return Number(Math.abs(value) >= 1 ? value.toFixed(6) : value.toPrecision(9));
}
