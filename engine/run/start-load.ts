import { startIdleProbe } from '../workers/main/idle-probe.js';
import type { RunState } from './run-state.js';

/** Starts the load in all workers; resolves after its end. `data` is what `setup` returned. */
export async function startLoad(run: RunState, data: string | undefined): Promise<void> {
  const { plan, clock, limits, aggregator, workers } = run;
  const startAt = clock.now() + limits.runUp;
  run.start = { at: startAt, date: new Date(Date.now() + limits.runUp) };
  const idleProbe = startIdleProbe({ startAt, steady: plan.steady }, (delays) => aggregator.recordMachineDelay(delays));
  run.idleProbe = idleProbe;
  await workers.start({ type: 'start', startAt, data });
  run.isOver = true;
  await idleProbe.end();
}
