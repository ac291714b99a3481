import type * as v from 'valibot';
import type { SessionIndex } from '../data/sessions/session-index.js';
import type { Trace } from '../data/trace-file.js';
import type { Load } from './load.js';

/** Trace file of a scenario, and facts that it does not state. */
export interface TraceChoice {
  readonly file: string;
  readonly timestamps?: 'seconds' | 'milliseconds' | undefined;
  readonly blockTokens?: number | undefined;
  /** Part of the trace that is skipped, in milliseconds. */
  readonly from: number;
}

export type ReadTrace = (choice: TraceChoice) => Trace;

/** Finds the sessions of a file or folder. */
export type OpenSessions = (file: string) => SessionIndex;

/** Schema of an executor's options; its `executor` is a literal. */
type OptionsSchema = v.GenericSchema<unknown, { readonly executor: string }> & {
  readonly entries: { readonly executor: v.LiteralSchema<string, undefined> };
};

/** Definition of an executor: options, load and description. */
export interface Executor<Schema extends OptionsSchema = OptionsSchema, Planned extends Load = Load> {
  readonly options: Schema;
  /** Plans the load. Throws a UserError for an invalid trace. */
  plan(options: v.InferOutput<Schema>, readTrace: ReadTrace, openSessions: OpenSessions): Planned;
  /** Describes the load: `5 looping VUs for 30s`. */
  describe(options: v.InferOutput<Schema>, load: Planned): string;
}

/** Checks the types of a definition. */
export function defineExecutor<Schema extends OptionsSchema, Planned extends Load>(
  executor: Executor<Schema, Planned>,
): Executor<Schema, Planned> {
  return executor;
}
