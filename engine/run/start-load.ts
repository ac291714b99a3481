import { relative } from 'node:path';
import { wallTime } from '../clock.js';
import { targetOf } from '../summary/summarize.js';
import type { RunState } from './run-state.js';

/**
 * Starts the load in all workers; resolves after its end. `data` is what `setup` returned, `at` the instant of the start,
 * by default at once.
 */
export async function startLoad(run: RunState, data: string | undefined, at?: number): Promise<void> {
  const { plan, prepared, resolved, clock, limits, threads, aggregator, workers } = run;
  const startAt = at ?? clock.now() + limits.runUp;
  run.start = { at: startAt, date: new Date(wallTime(clock, startAt)) };
  const watch = { startAt, steady: plan.steady };
  const idleProbe = threads.startIdleProbe(watch, (delays) => aggregator.recordMachineDelay(delays));
  run.idleProbe = idleProbe;
  run.reporting.start({
    scenario: relative(process.cwd(), prepared.bundle.file),
    startedAt: run.start.date,
    labels: plan.options.labels,
    tags: plan.options.tags,
    target: targetOf(resolved),
  });
  await workers.start({ type: 'start', startAt, data });
  run.isOver = true;
  await idleProbe.end();
}
