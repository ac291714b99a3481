/** What a program imports from 'tokenswarm/engine': see docs/embedding.md. */

export * from './core.js';
export { countTokens } from './data/count-tokens.js';
export { cardNamed, deploymentOf, modelNamed, readEfficiency } from './hardware/index.js';
export { adviseFiles } from './results/advise-files.js';
export { benchmarkFiles } from './results/benchmark-files.js';
export { judge, parseConditions } from './results/compare/condition.js';
export { compareFiles } from './results/compare-files.js';
export { readRecord } from './results/saved-record.js';
export { readAsked } from './results/saved-sweep.js';
export { type Look, lookFor, type Presence } from './run/readiness.js';
export { type VirtualRun, virtualRun } from './virtual/virtual-run.js';
