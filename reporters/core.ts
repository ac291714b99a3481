/** Reporters that the command line loads at start. All others would cost start-up time. */

export { type Dashboard, openDashboard } from './dashboard/index.js';
export type { KeyAction } from './dashboard/keys.js';
export { checkWritable, writeWhole } from './files.js';
export { reportersFor } from './for-scripts.js';
export { type Journal, openJournal } from './journal.js';
export { asRecorded, summaryJson, writeJson } from './json.js';
export { isLiveOutput, openLiveOutputs } from './live-outputs.js';
export { type OutputText, splitOutput } from './output-text.js';
export { checkOutputs, type Output, openReporter, readOutputs, writeOutput } from './outputs.js';
export { type Paint, paint, wantsColor } from './paint.js';
export { createProgress, type Progress, type ProgressStream, progressLine } from './progress.js';
export { type SummaryTextOptions, summaryText } from './run/summary.js';
export { failureText } from './run/words.js';
export type { Keyboard, TerminalStream } from './terminal.js';
export { safeText } from './terminal-text.js';
export { findTextSummary, type TextSummary } from './text-summaries.js';
