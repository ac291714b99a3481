/**
 * All that a scenario imports from 'tokenswarm'.
 *
 * These declarations are for editor and compiler: when a scenario runs, each VU gets functions of the same names that
 * are bound to it (see engine/vu). Outside of a run they throw.
 */
import type * as conversations from './conversation.js';
import type * as data from './data.js';
import type * as variables from './env.js';
import type * as httpModule from './http.js';
import type * as llm from './llm.js';
import type * as metrics from './metrics.js';
import type { EnvText } from './scenarios.js';
import type * as script from './script.js';
import type * as sessions from './session.js';
import type * as summary from './summary.js';
import type * as synthetics from './synthetic.js';

export type { Failure, FailureKind, OutputKind, ToolCall, Usage } from '../client/exchange.js';
export type { ChatMessage, ContentPart } from '../client/protocols/chat-messages.js';
export type { ResponseFormat, Tool, ToolChoice } from '../client/protocols/generation-fields.js';
export type { Summary } from '../metrics/snapshot.js';
export type * from './answer.js';
export * from './conversation.js';
export * from './data.js';
export * from './env.js';
export type { Execution } from './execution.js';
export * as http from './http.js';
export * from './llm.js';
export * from './metrics.js';
export type * from './options.js';
export type * from './requests.js';
export type * from './scenarios.js';
export * from './script.js';
export * from './session.js';
export * from './summary.js';
export * from './synthetic.js';

declare global {
  /** Environment: the process's, `-e NAME=value`, and the scenario's `env`. Later ones override. */
  const __ENV: Readonly<Record<string, EnvText | undefined>>;
  /** Number of this VU, from 1. 0 where the file is only read for its options. */
  const __VU: number;
  /** Number of this iteration in this VU, from 0. */
  const __ITER: number;
  /** Reads a file in the init code: text, or bytes with `'b'`. */
  function open(path: string): string;
  function open(path: string, mode: 'b'): ArrayBuffer;
}

/** Exports of 'tokenswarm' as a VU gets them. */
export type Api = typeof conversations &
  typeof data &
  typeof variables &
  typeof llm &
  typeof metrics &
  typeof script &
  typeof sessions &
  typeof summary &
  typeof synthetics & { readonly http: typeof httpModule };
