/** What a program imports from 'tokenswarm/engine', and our own command line from here: see docs/embedding.md. */

export { adviseFiles } from './advise-files.js';
export { judge, parseConditions } from './analysis/condition.js';
export type { Options } from './api/options.js';
export { benchmarkFiles } from './benchmark-files.js';
export type { Exchange } from './client/exchange.js';
export { figuresOf } from './client/figures.js';
export type { HttpExchange } from './client/http/exchange.js';
export { timingsOf } from './client/http/timings.js';
export { publicUrl } from './client/target.js';
export { compareFiles } from './compare-files.js';
export { countTokens } from './count-tokens.js';
export { ExitCode, messageOf, UserError } from './errors.js';
export type { Handled } from './handled.js';
export { cardNamed, modelNamed, readEfficiency } from './hardware/index.js';
export { type InspectedScenario, type Inspection, inspect, type ScenarioCourse } from './inspect.js';
export type { HttpRecord, LlmRecord, LogRecord, LogSink, SampleRecord } from './metrics/log-record.js';
export type { Snapshot, Summary } from './metrics/snapshot.js';
export { type Look, lookFor, type Presence } from './readiness.js';
export { type Run, run } from './run.js';
export { readRecord } from './saved-record.js';
export { readAsked } from './saved-sweep.js';
export type { GivenBy, Settings } from './settings.js';
export { type Trial, type TriedRequest, tryOnce } from './try.js';
export { VERSION } from './version.js';
export { isOurs, placeOf } from './vu/script-error.js';
export { watchStrays } from './workers/strays.js';
