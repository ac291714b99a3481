import type { Execution } from '../../api/execution.js';
import { INSTANCE } from '../thread-context.js';
import { TestAborted, type VuPlan, type VuState } from '../vu-state.js';

/** `exec` of one VU, with values read on access. */
export function executionOf(vu: VuState): Execution {
  const { thread } = vu;
  const count = (index: number) => Atomics.load(thread.instance, index);
  return {
    scenario: {
      get name() {
        return planOf(vu, 'name').name;
      },
      get executor() {
        return planOf(vu, 'executor').executor;
      },
      get startTime() {
        return Date.now() - thread.elapsed() + startOf(vu, 'startTime');
      },
      get progress() {
        const since = thread.elapsed() - startOf(vu, 'progress');
        return Math.min(1, Math.max(0, since / planOf(vu, 'progress').load.duration));
      },
      get iterationInInstance() {
        return iterationOf(vu, 'iterationInInstance');
      },
      get iterationInTest() {
        return iterationOf(vu, 'iterationInTest');
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
      metrics: { tags: vu.tags },
    },
    test: {
      abort(message = 'the scenario ended the test') {
        thread.abort(message);
        throw new TestAborted(message);
      },
      fail(message = 'the scenario marked the test as failed') {
        if (vu.stage === 'init')
          throw new Error('exec.test.fail() belongs into a function; abort() ends the test here');
        thread.markFailed(message);
      },
      get options() {
        if (!thread.options) throw unknown('test.options');
        // A copy, so that a VU cannot change the options of others.
        return structuredClone(thread.options);
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

function planOf({ plan }: VuState, field: string): VuPlan {
  if (!plan) throw unknown(`scenario.${field}`);
  return plan;
}

/** Actual start of its scenario, in milliseconds since the load started. */
function startOf(vu: VuState, field: string): number {
  const { startTime } = planOf(vu, field);
  return vu.thread.starts.get(vu.scenario) ?? startTime;
}

function iterationOf({ iterationInTest }: VuState, field: string): number {
  if (iterationInTest === undefined) throw unknown(`scenario.${field}`);
  return iterationInTest;
}

function unknown(what: string): Error {
  return new Error(`exec.${what} is not available here: use it in the function that an iteration runs`);
}
