/** Summaries of made-up runs, from which the reporters' tests make their reports. */
export { empty, failing, interrupted } from './summaries/ended-early.js';
export { healthy, open, replicated } from './summaries/healthy.js';
export { troubled } from './summaries/troubled.js';
