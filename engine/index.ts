/** Exports of 'tokenswarm/engine'; see docs/embedding.md. */

export type { Options } from './api/options.js';
export type { Exchange } from './client/exchange.js';
export type { HttpExchange } from './client/http/http-exchange.js';
export { timingsOf } from './client/http/timings.js';
export { figuresOf } from './client/request-figures.js';
export { publicUrl } from './client/target.js';
export { countTokens } from './data/count-tokens.js';
export { configError, ExitCode, messageOf, scriptError, UserError } from './errors.js';
export { cardNamed, deploymentOf, modelNamed, readEfficiency } from './hardware/index.js';
export type { HttpRecord, LlmRecord, LogRecord, LogSink, SampleRecord } from './metrics/log-record.js';
export type { Snapshot, Summary } from './metrics/snapshot.js';
export type { GivenBy, Settings } from './options/settings.js';
export { adviseFiles } from './results/advise-files.js';
export { benchmarkFiles } from './results/benchmark-files.js';
export { judge, parseConditions } from './results/compare/condition.js';
export { compareFiles } from './results/compare-files.js';
export { readRecord } from './results/saved-record.js';
export { readAsked } from './results/saved-sweep.js';
export { type Run, run } from './run/index.js';
export { type InspectedScenario, type Inspection, inspect, type ScenarioProfile } from './run/inspect.js';
export { type Presence, type ReadinessCheck, readinessCheck } from './run/readiness.js';
export type { Handled } from './run/summary-outputs.js';
export { type Trial, type TriedRequest, tryOnce } from './run/try.js';
export { VERSION } from './version.js';
export { type VirtualRun, virtualRun } from './virtual/virtual-run.js';
export { isOurs, placeOf } from './vu/script-error.js';
export { watchUnhandledErrors } from './workers/thread/unhandled-errors.js';
