import type { Summary } from '../engine/metrics/snapshot.js';
import { summaryData } from '../engine/metrics/summary-data.js';

/** The summary in the form that k6 gives to `handleSummary`, of the headline window, without the record itself. */
export function k6Summary(summary: Summary): string {
  const parts = { summary, custom: {}, setup: undefined, isStdOutTTY: false, isStdErrTTY: false };
  const { tokenswarm: _, ...data } = summaryData(parts);
  return `${JSON.stringify(data, undefined, 2)}\n`;
}
