import type { Api } from '../../api/index.js';
import type { SampleTags } from '../../api/metrics.js';
import { plainObject, show } from '../../schema.js';
import { recordCheck } from '../api/check.js';
import type { VuState } from '../vu-state.js';

/** Condition of a check. */
type Condition = unknown;

/** Module `k6` of one VU. */
export function coreFor(vu: VuState, api: Api) {
  return {
    check(value: unknown, conditions: unknown, tags?: SampleTags | null): boolean {
      let all = true;
      for (const [name, condition] of conditionsOf(vu, conditions)) {
        const found = judged(vu, name, tags, () => (typeof condition === 'function' ? condition(value) : condition));
        if (isPromise(found))
          throw new TypeError(`check "${name}": k6 takes no async function here; await the value first`);
        if (!recordCheck(vu, name, Boolean(found), tags ?? undefined)) all = false;
      }
      return all;
    },
    fail: api.fail,
    group: api.group,
    randomSeed: (seed: number) => api.randomSeed(Math.trunc(Number(seed))),
    sleep(seconds: unknown): Promise<void> | undefined {
      const time = Math.max(0, Number(seconds) || 0);
      if (vu.stage !== 'init') return api.sleep(time);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, time * 1000);
      return undefined;
    },
  };
}

/** `check` whose conditions send requests. */
export function awaitedCheck(vu: VuState) {
  return async (value: unknown, conditions: unknown, tags?: SampleTags | null): Promise<boolean> => {
    let all = true;
    for (const [name, condition] of conditionsOf(vu, conditions)) {
      const found = await judgedLater(vu, name, tags, () =>
        typeof condition === 'function' ? condition(value) : condition,
      );
      if (!recordCheck(vu, name, Boolean(found), tags ?? undefined)) all = false;
    }
    return all;
  };
}

function conditionsOf(vu: VuState, conditions: unknown): readonly (readonly [string, Condition])[] {
  if (vu.stage === 'init') throw new Error('check() belongs into a function; the top of the file is run for every VU');
  const object = plainObject(conditions);
  if (!object) throw new TypeError(`check: expected conditions by name, got ${show(conditions)}`);
  return Object.entries(object);
}

/** A condition that throws has failed, and ends the iteration. */
function judged(vu: VuState, name: string, tags: SampleTags | null | undefined, judge: () => unknown): unknown {
  try {
    return judge();
  } catch (error) {
    recordCheck(vu, name, false, tags ?? undefined);
    throw error;
  }
}

async function judgedLater(
  vu: VuState,
  name: string,
  tags: SampleTags | null | undefined,
  judge: () => unknown,
): Promise<unknown> {
  try {
    return await judge();
  } catch (error) {
    recordCheck(vu, name, false, tags ?? undefined);
    throw error;
  }
}

function isPromise(value: unknown): boolean {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === 'function';
}
