import { relative } from 'node:path';
import { wallTime } from '../clock.js';
import type { LiveRecord } from '../metrics/reporter.js';
import { viewsOf } from '../metrics/values.js';
import { secondsOf } from '../metrics/window.js';
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
    ...(plan.options.systemTags && { systemTags: plan.options.systemTags }),
    target: targetOf(resolved),
    record: liveRecord(run),
    warn: (text) => run.warn(text),
  });
  run.log?.begin(run.start);
  await workers.start({ type: 'start', startAt, data });
  run.isOver = true;
  await idleProbe.end();
}

/** Figures of a run, read when they are asked for. */
function liveRecord({ aggregator, timeline }: RunState): LiveRecord {
  return {
    get series() {
      return aggregator.series;
    },
    get seconds() {
      const { whole, steady } = viewsOf(timeline.steady, aggregator.reportedUntil);
      const inside = steady ? secondsOf(steady.window) : 0;
      return { steady: inside, outside: secondsOf(whole.window) - inside };
    },
  };
}
