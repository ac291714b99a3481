import type { Summary } from '../engine/metrics/snapshot.js';
import { writeWhole } from './files.js';

/** The record of a run as JSON, indented by so many spaces; its form stands in summary.schema.json. */
export function summaryJson(summary: Summary, indent = 2): string {
  const short = (_key: string, value: unknown) => (typeof value === 'number' ? rounded(value) : value);
  return `${JSON.stringify(summary, short, indent)}\n`;
}

/** The record of a run as its JSON tells it, so that a report says the same whether it is made now or of the file. */
export function asRecorded(summary: Summary): Summary {
  return JSON.parse(summaryJson(summary)) as Summary;
}

/** Writes the record of a run to a file, as `writeWhole` does. */
export async function writeJson(path: string, summary: Summary): Promise<void> {
  await writeWhole(path, summaryJson(summary));
}

/** A nanosecond is enough of a millisecond, and nine digits of a share; what is not a number is left out. */
function rounded(value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  return Number(Math.abs(value) >= 1 ? value.toFixed(6) : value.toPrecision(9));
}
