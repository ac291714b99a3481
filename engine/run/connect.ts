import { hasNativeReader } from '../client/reader/native-reader.js';
import { ownPlan, type Plan } from '../options/plan.js';
import type { Settings } from '../options/settings.js';
import { fromFault } from '../workers/fault.js';
import type { RunTiming } from '../workers/main/threads.js';
import type { RunController } from './controller.js';
import { lossError } from './lifecycle.js';
import type { Prepared } from './prepare.js';
import { findTargets } from './resolve-targets.js';
import { RunState, workersOf } from './run-state.js';
import { limitWarnings, refuseTooFewFiles, systemLimits } from './system-limits.js';

/** Reader of most sockets, before servers and files have been looked at. */
function likelyReader({ target, transport }: Plan): 'native' | 'js' {
  const isPlain = target.baseUrls.every((url) => /^http:/i.test(url));
  return isPlain && transport.reader !== 'js' && hasNativeReader() ? 'native' : 'js';
}

/** Finds the servers, starts the workers and waits for their VUs. */
export async function connect(
  prepared: Prepared,
  settings: Settings,
  timing: RunTiming,
  controller: RunController,
): Promise<RunState> {
  const own = ownPlan(prepared.plan);
  const workers = workersOf(own);
  const limits = systemLimits();
  refuseTooFewFiles({ vus: own.vus, workers }, limits);
  // They load their code meanwhile.
  const workerThreads = timing.threads.startWorkers(workers, likelyReader(prepared.plan));
  let run: RunState;
  try {
    const found = findTargets(prepared.plan, prepared.env, timing.clock, controller.quitting);
    const resolved = await controller.orQuit(found);
    run = new RunState(
      { prepared, resolved, settings, timing, outcome: controller.outcome, workerThreads },
      controller,
    );
  } catch (error) {
    await workerThreads.destroy();
    throw error;
  }
  controller.run = run;
  const demand = {
    vus: run.own.vus,
    workers: run.workers.size,
    targets: run.resolved.targets,
    addresses: run.plan.transport.localAddresses.length,
  };
  for (const warning of limitWarnings(demand, limits)) run.warn(warning);
  for (const answer of await controller.orQuit(run.workers.ready())) {
    if (answer?.type === 'fault') throw fromFault(answer.fault);
  }
  if (run.loss) throw lossError(run);
  return run;
}
