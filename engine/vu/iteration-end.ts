import { BUILT_IN } from '../metrics/catalogue.js';
import { logSample, ownTags } from './samples.js';
import { INSTANCE } from './thread-context.js';
import { Interrupted, TestAborted, type VuState } from './vu-state.js';

/** Outcome of an iteration. */
export type IterationEnd = 'complete' | 'failed' | 'interrupted';

/** End of an iteration that threw. In k6 one that aborts the test is complete. */
export function endOf(thrown: unknown, vu: VuState): IterationEnd {
  if (thrown instanceof TestAborted) {
    vu.hasAborted = vu.thread.isK6;
    return vu.thread.isK6 ? 'complete' : 'interrupted';
  }
  return thrown instanceof Interrupted ? 'interrupted' : 'failed';
}

/** Records an iteration. Times are instants. */
export function recordIteration(vu: VuState, end: IterationEnd, startedAt: number, endedAt: number): void {
  const { thread, scenario } = vu;
  const ended = end === 'interrupted' ? INSTANCE.iterationsInterrupted : INSTANCE.iterationsCompleted;
  Atomics.add(thread.instance, ended, 1);
  const { recorder } = thread;
  if (!recorder) return;
  const isAsked = thread.isK6 && thread.tagKeys.length > 0;
  const tags = isAsked ? ownTags(vu, undefined) : recorder.tagsOf(scenario);
  const phase = recorder.phaseAt(startedAt);
  if (end === 'interrupted') {
    recorder.counter('interrupted_iterations', tags, phase).add(1);
    return;
  }
  recorder.counter('iterations', tags, phase).add(1);
  recorder.trend('iteration_duration', tags, phase).add(endedAt - startedAt);
  logSample(vu, 'iterations', BUILT_IN.iterations, 1);
  logSample(vu, 'iteration_duration', BUILT_IN.iteration_duration, endedAt - startedAt);
}
