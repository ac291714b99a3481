import { AsyncLocalStorage } from 'node:async_hooks';
import { BUILT_IN } from '../../metrics/catalogue.js';
import { logSample, ownTags } from '../samples.js';
import type { VuState } from '../vu-state.js';

/** Prefix of names in a group's path, as in k6: `::login::first try`. */
const SEPARATOR = '::';

/** Path of the current group, across awaits. Costs nothing until a script enters its first group. */
const entered = new AsyncLocalStorage<string>();

/** Adds the tag `group`: the current group's path. It is `root` outside of groups. */
export function withGroup(tags: Record<string, string>, root: string): Record<string, string> {
  return Object.defineProperty(tags, 'group', { get: () => entered.getStore() ?? root, enumerable: true });
}

/**
 * `group` of one VU. Errors of its function propagate. Its duration is recorded in either case, as in k6, but not for
 * an interrupted group.
 */
export function groupFor(vu: VuState) {
  return <Result>(name: string, run: () => Result): Result => {
    if (vu.stage === 'init')
      throw new Error('group() belongs into a function; the top of the file is run for every VU');
    if (typeof name !== 'string' || name === '' || name.includes(SEPARATOR)) {
      throw new TypeError(`group: expected a name without "${SEPARATOR}", got ${JSON.stringify(name)}`);
    }
    if (typeof run !== 'function') throw new TypeError(`group "${name}": expected a function`);
    const { signal, thread } = vu;
    const path = `${vu.tags.group}${SEPARATOR}${name}`;
    const startedAt = thread.clock.now();
    const end = () => {
      const { recorder } = thread;
      if (signal?.aborted || !recorder) return;
      const tags = { ...ownTags(vu, undefined), group: path };
      const now = thread.clock.now();
      recorder.trend('group_duration', tags, recorder.phaseAt(startedAt)).add(now - startedAt);
      logSample(vu, 'group_duration', BUILT_IN.group_duration, now - startedAt, { group: path });
    };
    let result: Result;
    try {
      result = entered.run(path, run);
    } catch (error) {
      end();
      throw error;
    }
    if (result instanceof Promise) {
      const { pending } = vu;
      pending.begin('group');
      return result.finally(() => {
        pending.end('group');
        end();
      }) as Result;
    }
    end();
    return result;
  };
}
