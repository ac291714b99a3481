/** Cards, models and rooflines: tables and formulas only. See docs/hardware.md. */

export { CARDS, type Card, linkBetween } from './cards.js';
export {
  DEFAULT_UTILIZATION,
  type Deployment,
  deploymentOf,
  divides,
  type MemoryUse,
  memoryUse,
} from './deployment.js';
export { CONSTANTS, DEFAULT_EFFICIENCY, type Efficiency, IDEAL_EFFICIENCY, readEfficiency } from './efficiency.js';
export { DEFAULT_ENGINE, ENGINES, type EngineVersion, efficiencyOf, engineNamed } from './engines.js';
export { cardNamed, findCard, findModel, modelNamed } from './find.js';
export { alternatives, type Demand, fits } from './fit.js';
export { bandwidthUtilization, computeUtilization } from './mbu-mfu.js';
export { MODELS, type Model, parametersOf } from './models.js';
export {
  kvBytesPerToken,
  kvBytesPerTokenAndCard,
  WEIGHT_PRECISIONS,
  type WeightPrecision,
  weightBytes,
} from './precision.js';
export {
  allReduceTime,
  decodeBound,
  decodeWork,
  prefillBound,
  prefillWork,
  stepTime,
} from './roofline.js';
