import type { UserError } from '../errors.js';

/** Result of the scenario's `handleSummary`. */
export interface Handled {
  /** Content for `stdout`, `stderr` and files, in place of the text summary. */
  readonly outputs: Readonly<Record<string, string | Uint8Array>>;
  /** Problems of the call. With any, the text summary is shown as well. */
  readonly problems: readonly UserError[];
}
