/** What a program imports from 'tokenswarm/engine': see docs/embedding.md. */

export { adviseFiles } from './advise-files.js';
export { judge, parseConditions } from './analysis/condition.js';
export { benchmarkFiles } from './benchmark-files.js';
export { compareFiles } from './compare-files.js';
export * from './core.js';
export { countTokens } from './count-tokens.js';
export { cardNamed, deploymentOf, modelNamed, readEfficiency } from './hardware/index.js';
export { type Look, lookFor, type Presence } from './readiness.js';
export { readRecord } from './saved-record.js';
export { readAsked } from './saved-sweep.js';
export { type StudyFigures, studyFigures } from './study/figures.js';
export { SAMPLE, STUDY, type StudyPlan } from './study/matrix.js';
export { promptTimes, promptTurningPoints, tileRankings, turningPoints } from './study/turning.js';
export { countRuns, type StudyRun, studyRuns } from './study-runs.js';
export { type VirtualRun, virtualRun } from './virtual-run.js';
