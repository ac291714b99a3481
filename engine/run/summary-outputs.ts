import type { UserError } from '../errors.js';

/** What the scenario's `handleSummary` made of a summary. */
export interface Handled {
  /** What to write to `stdout`, `stderr` and files, by path; it takes the place of the summary as text. */
  readonly outputs: Readonly<Record<string, string | Uint8Array>>;
  /** What went wrong. Where anything did, the summary as text is to be shown as well. */
  readonly problems: readonly UserError[];
}
