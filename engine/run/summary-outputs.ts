import type { UserError } from '../errors.js';

/** Result of the scenario's `handleSummary`. */
export interface Handled {
  /** Outputs for `stdout`, `stderr` and files, by path; they replace the text summary. */
  readonly outputs: Readonly<Record<string, string | Uint8Array>>;
  /** Problems of the call. With any, the text summary is to be shown as well. */
  readonly problems: readonly UserError[];
}
