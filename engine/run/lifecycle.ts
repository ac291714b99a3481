import { UserError } from '../errors.js';
import type { Aggregator } from '../metrics/aggregator.js';
import type { VuHook } from '../vu/vu.js';
import { fromFault } from '../workers/fault.js';
import type { Pool } from '../workers/main/worker-pool.js';
import type { Prepared } from './prepare.js';

/** Context in which the lifecycle functions of a script are called and recorded. */
export interface Stage {
  readonly prepared: Prepared;
  readonly pool: Pool;
  readonly ledger: Aggregator;
  /** Error of a missing answer by a worker that was to run this function. */
  readonly missing: (name: string) => UserError;
}

/** Calls `setup` or `teardown`, where the script has it, and returns its result as JSON. */
export async function callOnce(
  { prepared, pool, ledger, missing }: Stage,
  name: 'setup' | 'teardown',
  data: string | undefined,
): Promise<string | undefined> {
  const { plan, functions } = prepared;
  if (!functions.includes(name)) return undefined;
  const timeout = name === 'setup' ? plan.setupTimeout : plan.teardownTimeout;
  const answer = await pool.call({ type: 'call', name, timeout, data });
  if (!answer) throw missing(name);
  if (answer.type === 'fault') throw fromFault(answer.fault, name);
  ledger.add(answer.delta);
  if (answer.fault) throw fromFault(answer.fault, name);
  return answer.data;
}

/**
 * Calls a VU hook in every worker, where the script has it. A worker that has died is no fault of the script: its part
 * of the load is missing anyway.
 */
export async function callHooks(
  { prepared, pool, ledger }: Stage,
  name: VuHook,
  data: string | undefined,
): Promise<void> {
  const { plan, functions } = prepared;
  if (!functions.includes(name)) return;
  const timeout = name === 'vuSetup' ? plan.setupTimeout : plan.teardownTimeout;
  const answers = await pool.callAll({ type: 'call', name, timeout, data });
  for (const answer of answers) if (answer?.type === 'called') ledger.add(answer.delta);
  for (const answer of answers) if (answer?.fault) throw fromFault(answer.fault, name);
}

/** Runs the hooks and `teardown` after the load; returns their errors. */
export async function tearDown(stage: Stage, data: string | undefined): Promise<UserError[]> {
  const failures: UserError[] = [];
  const attempt = async (step: Promise<unknown>) => {
    try {
      await step;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.push(error);
    }
  };
  await attempt(callHooks(stage, 'vuTeardown', data));
  await attempt(callOnce(stage, 'teardown', data));
  return failures;
}
