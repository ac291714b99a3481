import type { Summary } from './snapshot.js';

/** Reporters that format a summary. */
export interface SummaryReporters {
  /** A text of this name, the default one where there is no name. */
  text(name: string | undefined, color: boolean): string;
  /** The files of reports that are named as for `--out`, by path. */
  files(texts: readonly string[]): Readonly<Record<string, string | Uint8Array>>;
}

/**
 * A module of reporters: the engine knows none, but a scenario's `handleSummary` may want them in the thread in which it
 * runs, and functions cannot be given to a thread.
 */
export interface ReporterModule {
  readonly reportersFor: (summary: Summary) => SummaryReporters;
}
