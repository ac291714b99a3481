import type { SummaryData } from '../metrics/summary-data.js';
import { outside } from './outside.js';

export type { CheckData, GroupData, MetricData, SummaryData } from '../metrics/summary-data.js';

/** Output of `handleSummary`: content by file path, `stdout` or `stderr`. */
export type SummaryOutputs = Readonly<Record<string, string | ArrayBuffer | Uint8Array>>;

/**
 * Renders a text summary in `handleSummary`. `summary` names one of `--summary`. Colours follow the terminal by
 * default; `indent` is put before every line. Changes to `data` have no effect on it.
 */
export function textSummary(
  data: SummaryData,
  options?: { readonly summary?: string; readonly indent?: string; readonly enableColors?: boolean },
): string {
  return outside('textSummary', data, options);
}

/**
 * Renders report files in `handleSummary`, for its return value. Outputs are named as for `--out`, such as
 * `junit=results/junit.xml`. Changes to `data` have no effect on them.
 */
export function reports(data: SummaryData, outputs: readonly string[]): SummaryOutputs {
  return outside('reports', data, outputs);
}
