import type { Summary } from '../engine/metrics/snapshot.js';
import { summaryData } from '../engine/metrics/summary-data.js';

/** Summary of the headline window, as k6 gives it to `handleSummary`. */
export function k6Summary(summary: Summary): string {
  const parts = { summary, custom: {}, setup: undefined, isStdOutTTY: false, isStdErrTTY: false };
  const { tokenswarm: _, ...data } = summaryData(parts);
  return `${JSON.stringify(data, undefined, 2)}\n`;
}
