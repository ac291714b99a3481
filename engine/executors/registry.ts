import * as v from 'valibot';
import { constantArrivalRate } from './constant-arrival-rate.js';
import { constantVus } from './constant-vus.js';
import type { Executor, OpenSessions, ReadTrace } from './executor.js';
import type { Load } from './load.js';
import { perVuIterations } from './per-vu-iterations.js';
import { rampingArrivalRate } from './ramping-arrival-rate.js';
import { rampingVus } from './ramping-vus.js';
import { sessions } from './sessions.js';
import { sharedIterations } from './shared-iterations.js';
import { trace } from './trace.js';

/** All executors. Each defines everything about itself in its own file. */
const DEFINITIONS = [
  constantVus,
  rampingVus,
  sharedIterations,
  perVuIterations,
  constantArrivalRate,
  rampingArrivalRate,
  trace,
  sessions,
] as const;

type Schemas<List> = { readonly [I in keyof List]: List[I] extends { options: infer Schema } ? Schema : never };

/** A scenario of any executor, checked and with its defaults filled in. */
export const scenarioOptions = v.variant(
  'executor',
  DEFINITIONS.map(({ options }) => options) as unknown as Schemas<typeof DEFINITIONS>,
);

export type ScenarioOptions = v.InferOutput<typeof scenarioOptions>;

const BY_NAME = new Map<string, Executor>(
  DEFINITIONS.map((executor) => [executor.options.entries.executor.literal, executor]),
);

/** The names that `executor` may have. */
export const EXECUTORS: readonly string[] = [...BY_NAME.keys()];

/** Plans the load of a scenario. Throws a UserError for an invalid trace. */
export function planLoad(options: ScenarioOptions, readTrace: ReadTrace, openSessions: OpenSessions): Load {
  return executorOf(options).plan(options, readTrace, openSessions);
}

/** Describes a scenario's load in a line. */
export function describeLoad(options: ScenarioOptions, load: Load): string {
  return executorOf(options).describe(options, load);
}

function executorOf({ executor }: ScenarioOptions): Executor {
  const definition = BY_NAME.get(executor);
  if (!definition) throw new Error(`no executor ${executor}`);
  return definition;
}
