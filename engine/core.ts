/**
 * Exports that run a scenario. Our own command line imports these only, since all exports would take longer to load.
 */

export type { Options } from './api/options.js';
export type { Exchange } from './client/exchange.js';
export type { HttpExchange } from './client/http/http-exchange.js';
export { timingsOf } from './client/http/timings.js';
export { figuresOf } from './client/request-figures.js';
export { publicUrl } from './client/target.js';
export { configError, ExitCode, messageOf, scriptError, UserError } from './errors.js';
export type { HttpRecord, LlmRecord, LogRecord, LogSink, SampleRecord } from './metrics/log-record.js';
export type { Snapshot, Summary } from './metrics/snapshot.js';
export type { GivenBy, Settings } from './options/settings.js';
export { type Run, run } from './run/index.js';
export { type InspectedScenario, type Inspection, inspect, type ScenarioProfile } from './run/inspect.js';
export type { Handled } from './run/summary-outputs.js';
export { type Trial, type TriedRequest, tryOnce } from './run/try.js';
export { childEnvironment, serverEnvironment } from './script/child-environment.js';
export { VERSION } from './version.js';
export { isOurs, placeOf } from './vu/script-error.js';
export { watchUnhandledErrors } from './workers/thread/unhandled-errors.js';
