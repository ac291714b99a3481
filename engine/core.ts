/** What it takes to run a scenario. Our own command line takes it from here: what else there is would take time to load. */

export type { Options } from './api/options.js';
export type { Exchange } from './client/exchange.js';
export { figuresOf } from './client/figures.js';
export type { HttpExchange } from './client/http/exchange.js';
export { timingsOf } from './client/http/timings.js';
export { publicUrl } from './client/target.js';
export { ExitCode, messageOf, UserError } from './errors.js';
export type { Handled } from './handled.js';
export { type InspectedScenario, type Inspection, inspect, type ScenarioCourse } from './inspect.js';
export type { HttpRecord, LlmRecord, LogRecord, LogSink, SampleRecord } from './metrics/log-record.js';
export type { Snapshot, Summary } from './metrics/snapshot.js';
export { type Run, run } from './run.js';
export type { GivenBy, Settings } from './settings.js';
export { type Trial, type TriedRequest, tryOnce } from './try.js';
export { VERSION } from './version.js';
export { isOurs, placeOf } from './vu/script-error.js';
export { watchStrays } from './workers/strays.js';
