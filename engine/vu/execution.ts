import type { Execution } from '../api/execution.js';
import { TestAborted, type VuState } from './state.js';
import { INSTANCE } from './thread.js';

/** `exec` of one VU: read when it is asked for. */
export function executionOf(vu: VuState): Execution {
  const { thread } = vu;
  const startTime = () => thread.starts.get(vu.scenario) ?? vu.plan?.startTime ?? 0;
  const count = (index: number) => Atomics.load(thread.instance, index);
  return {
    scenario: {
      get name() {
        return vu.scenario;
      },
      get executor() {
        return vu.plan?.executor ?? '';
      },
      get startTime() {
        return Date.now() - thread.elapsed() + startTime();
      },
      get progress() {
        const { load } = vu.plan ?? {};
        return load ? Math.min(1, Math.max(0, (thread.elapsed() - startTime()) / load.duration)) : 0;
      },
      get iterationInInstance() {
        return vu.iterationInTest;
      },
      get iterationInTest() {
        return vu.iterationInTest;
      },
    },
    vu: {
      get idInTest() {
        return vu.id;
      },
      get idInInstance() {
        return vu.id;
      },
      get iterationInInstance() {
        return vu.iteration;
      },
      get iterationInScenario() {
        return vu.iteration;
      },
      tags: vu.tags,
    },
    test: {
      abort(message = 'the scenario ended the test') {
        thread.abort(message);
        throw new TestAborted(message);
      },
    },
    instance: {
      get vusActive() {
        return count(INSTANCE.vusActive);
      },
      get vusInitialized() {
        return count(INSTANCE.vusInitialized);
      },
      get iterationsCompleted() {
        return count(INSTANCE.iterationsCompleted);
      },
      get iterationsInterrupted() {
        return count(INSTANCE.iterationsInterrupted);
      },
      get currentTestRunDuration() {
        return thread.elapsed();
      },
    },
  };
}
