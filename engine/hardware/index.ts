/** Cards, models and what the one can do with the other: tables and formulas, no more. See docs/hardware.md. */

export { CARDS, type Card, type Link, linkBetween } from './cards.js';
export {
  DEFAULT_UTILIZATION,
  type Deployment,
  deploymentOf,
  divides,
  type MemoryUse,
  memoryUse,
} from './deployment.js';
export { CONSTANTS, DEFAULT_EFFICIENCY, type Efficiency, IDEAL_EFFICIENCY, readEfficiency } from './efficiency.js';
export { cardNamed, findCard, findModel, modelNamed } from './find.js';
export { type Alternatives, alternatives, type Demand, fits } from './fit.js';
export { bandwidthUtilization, computeUtilization, type TokenFlow } from './mbu-mfu.js';
export { MODELS, type Model, type Parameters, parametersOf } from './models.js';
export {
  type KvPrecision,
  kvBytesPerToken,
  kvBytesPerTokenAndCard,
  peakFlops,
  WEIGHT_PRECISIONS,
  type WeightPrecision,
  weightBytes,
  weightBytesRead,
} from './precision.js';
export {
  allReduceTime,
  type Bound,
  decodeBound,
  decodeWork,
  prefillBound,
  prefillWork,
  type StepTime,
  type StepWork,
  stepBytes,
  stepTime,
} from './roofline.js';
