import type { SummaryData } from '../metrics/summary-data.js';
import { outside } from './outside.js';

export type { CheckData, GroupData, MetricData, SummaryData } from '../metrics/summary-data.js';

/** What `handleSummary` returns: what to write to `stdout`, to `stderr` and to files, by their paths. */
export type SummaryOutputs = Readonly<Record<string, string | ArrayBuffer | Uint8Array>>;

/**
 * In `handleSummary`, the text that would be printed without it. Colours are as the terminal wants them, unless told;
 * `indent` is put before every line. Changes to `data` do not show in it.
 */
export function textSummary(
  _data: SummaryData,
  _options?: { readonly indent?: string; readonly enableColors?: boolean },
): string {
  return outside('textSummary');
}
