export type { Exchange } from './client/exchange.js';
export { figuresOf } from './client/figures.js';
export { publicUrl } from './client/target.js';
export { ExitCode, UserError } from './errors.js';
export type { Snapshot, Summary } from './metrics/snapshot.js';
export type { Settings } from './prepare.js';
export { type Run, run } from './run.js';
export { type Trial, type TriedRequest, tryOnce } from './try.js';
export { VERSION } from './version.js';
