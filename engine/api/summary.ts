import type { SummaryData } from '../metrics/summary-data.js';
import { outside } from './outside.js';

export type { CheckData, GroupData, MetricData, SummaryData } from '../metrics/summary-data.js';

/** What `handleSummary` returns: what to write to `stdout`, to `stderr` and to files, by their paths. */
export type SummaryOutputs = Readonly<Record<string, string | ArrayBuffer | Uint8Array>>;

/**
 * In `handleSummary`, a text that `--summary` can print; the default one unless another is named. Colours are as the
 * terminal wants them, unless told; `indent` is put before every line. Changes to `data` do not show in it.
 */
export function textSummary(
  _data: SummaryData,
  _options?: { readonly summary?: string; readonly indent?: string; readonly enableColors?: boolean },
): string {
  return outside('textSummary');
}

/**
 * In `handleSummary`, the files of reports that are named as for `--out`, such as `junit=results/junit.xml`: to be
 * returned with whatever else is to be written. Changes to `data` do not show in them.
 */
export function reports(_data: SummaryData, _outputs: readonly string[]): SummaryOutputs {
  return outside('reports');
}
