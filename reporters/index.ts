export { type PlotOptions, type PlottedLine, plotText, wantsAscii } from './console/plot.js';
export { createProgress, type Progress, type ProgressStream, progressLine } from './console/progress.js';
export { type SummaryTextOptions, summaryText } from './console/summary.js';
export { checkWritable, summaryJson, writeJson, writeWhole } from './json.js';
export { type Paint, paint, wantsColor } from './paint.js';
export { safeText } from './terminal-text.js';
