import type { Summary } from '../../engine/metrics/snapshot.js';
import { reportText } from '../document/text.js';
import { runReport } from './report.js';

/** Extent and appearance of the text summary. */
export interface SummaryTextOptions {
  /** Every section and percentile. Default: no, what is needed first. */
  readonly full?: boolean;
  /** Default: no. */
  readonly color?: boolean;
  /** Columns; default and minimum: 80, since tables need them. */
  readonly width?: number;
}

/** End-of-run summary for people. */
export function summaryText(summary: Summary, options: SummaryTextOptions = {}): string {
  const { full = false, color = false, width = 80 } = options;
  return reportText(runReport(summary), { color, width: Math.max(80, width), medium: full ? 'text' : 'short' });
}
