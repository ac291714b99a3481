import { scriptError, UserError } from '../errors.js';
import type { VuHook } from '../vu/vu.js';
import { fromFault } from '../workers/fault.js';
import type { RunController } from './controller.js';
import type { RunState } from './run-state.js';

/** Runs `setup` and each `vuSetup` before the load. Returns the result of `setup` as JSON. */
export async function setUp(run: RunState, controller: RunController): Promise<string | undefined> {
  const data = await controller.orQuit(setUpOnce(run));
  await controller.orQuit(callHooks(run, 'vuSetup', data));
  if (run.loss) throw lossError(run);
  return data;
}

/** Runs `setup`, on one machine where several are gathered. Returns its result as JSON. */
async function setUpOnce(run: RunState): Promise<string | undefined> {
  const { gathering, plan, limits } = run;
  if (!gathering) return callOnce(run, 'setup', undefined);
  if (!gathering.leads) return gathering.takeData(plan.options.setupTimeout + limits.gathering);
  const data = await callOnce(run, 'setup', undefined);
  await gathering.giveData(data);
  return data;
}

/** Runs the VUs' hooks and `teardown` after the load. Their errors end the run as failed, or are warnings after another. */
export async function tearDown(run: RunState, data: string | undefined): Promise<void> {
  for (const step of [() => callHooks(run, 'vuTeardown', data), () => tearDownOnce(run, data)]) {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { message, exitCode } = error;
      if (run.outcome.ending) run.warn(message);
      else run.outcome.ending = { outcome: 'failed', reason: message, exitCode };
    }
  }
}

/** Runs `teardown`, on one machine where several are gathered. */
async function tearDownOnce(run: RunState, data: string | undefined): Promise<void> {
  if (run.gathering?.leads !== false) await callOnce(run, 'teardown', data);
}

/** Error of the last worker loss, where the run needs that worker. `during` names what the worker was doing. */
export function lossError({ loss = 'no worker is left' }: RunState, during?: string): UserError {
  const hint = 'docs/errors.md lists what ends a worker';
  return scriptError(undefined, during ? `${during}() failed: ${loss}` : loss, hint);
}

/** Calls `setup` or `teardown`, if any, and returns its result as JSON. */
async function callOnce(
  run: RunState,
  name: 'setup' | 'teardown',
  data: string | undefined,
): Promise<string | undefined> {
  const { plan, prepared, workers, aggregator } = run;
  if (!prepared.functions.includes(name)) return undefined;
  const timeout = name === 'setup' ? plan.options.setupTimeout : plan.options.teardownTimeout;
  const answer = await workers.call({ type: 'call', name, timeout, data });
  if (!answer) throw lossError(run, name);
  if (answer.type === 'fault') throw fromFault(answer.fault, name);
  aggregator.add(answer.delta);
  if (answer.fault) throw fromFault(answer.fault, name);
  return answer.data;
}

/**
 * Calls a VU hook in every worker, where the script has it. A worker that has died is no fault of the script: its part
 * of the load is missing anyway.
 */
async function callHooks(run: RunState, name: VuHook, data: string | undefined): Promise<void> {
  const { plan, prepared, workers, aggregator } = run;
  if (!prepared.functions.includes(name)) return;
  const timeout = name === 'vuSetup' ? plan.options.setupTimeout : plan.options.teardownTimeout;
  const answers = await workers.callAll({ type: 'call', name, timeout, data });
  for (const answer of answers) if (answer?.type === 'called') aggregator.add(answer.delta);
  for (const answer of answers) if (answer?.fault) throw fromFault(answer.fault, name);
}
