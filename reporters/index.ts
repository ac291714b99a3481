export { type PlotOptions, type PlottedLine, plotText, wantsAscii } from './console/plot.js';
export { createProgress, type Progress, type ProgressStream, progressLine } from './console/progress.js';
export { type SummaryTextOptions, summaryText } from './console/summary.js';
export { writeWhole } from './files.js';
export { asRecorded, summaryJson, writeJson } from './json.js';
export { checkOutputs, type LiveOutput, type Output, openLive, readOutputs, writeOutput } from './outputs.js';
export { type Paint, paint, wantsColor } from './paint.js';
export { safeText } from './terminal-text.js';
export { findTextSummary, type TextSummary } from './text-summaries.js';
