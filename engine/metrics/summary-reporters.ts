import type { Summary } from './snapshot.js';

/** Reporters that format a summary. */
export interface SummaryReporters {
  /** Text summary of this name; the default one for undefined. */
  text(name: string | undefined, color: boolean): string;
  /** Report files by path; `texts` are outputs as for `--out`. */
  files(texts: readonly string[]): Readonly<Record<string, string | Uint8Array>>;
}

/**
 * Module of reporters. The engine has none of its own, but a scenario's `handleSummary` may want them in its thread, to
 * which functions cannot be passed.
 */
export interface ReporterModule {
  readonly reportersFor: (summary: Summary) => SummaryReporters;
}
