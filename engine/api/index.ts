/**
 * Everything that a scenario imports from 'tokenswarm'.
 *
 * What stands here is for the editor and for the compiler: when a scenario runs, each VU gets functions of the same
 * names that are bound to it (see engine/vu). Outside of a run they throw.
 */
import type * as data from './data.js';
import type * as llm from './llm.js';
import type * as metrics from './metrics.js';
import type * as script from './script.js';

export type { ChatMessage } from '../client/chat.js';
export type { Failure, FailureKind, Usage } from '../client/exchange.js';
export type { ChatAnswer, ChatRequest, Instants, Retry, Slo } from './chat.js';
export * from './data.js';
export type { Execution } from './execution.js';
export * from './llm.js';
export * from './metrics.js';
export type * from './options.js';
export * from './script.js';

declare global {
  /** The environment: `-e NAME=value` and the scenario's `env`, above the process's own. */
  const __ENV: Readonly<Record<string, string | undefined>>;
  /** Number of this VU, from 1; 0 where the file is only read for its options. */
  const __VU: number;
  /** Number of this iteration among those of this VU, from 0. */
  const __ITER: number;
}

/** What a VU is given for `import … from 'tokenswarm'`. */
export type Api = typeof data & typeof llm & typeof metrics & typeof script;
