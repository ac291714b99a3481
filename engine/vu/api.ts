import { isAbsolute, resolve } from 'node:path';
import type { Api } from '../api/index.js';
import { parseDuration, sleep } from '../clock.js';
import { chatFor } from './chat.js';
import { executionOf } from './execution.js';
import { ownMetrics } from './own-metrics.js';
import { ownTags, phaseOf } from './samples.js';
import type { VuState } from './state.js';

/** What one VU gets for `import … from 'tokenswarm'`: the functions of engine/api, bound to it. */
export function bindApi(vu: VuState): Api {
  const { thread } = vu;
  return {
    async chat(request) {
      running(vu, 'chat');
      return returning(vu, chatFor(vu, request));
    },

    check(value, conditions, tags) {
      let all = true;
      for (const [name, condition] of Object.entries(conditions)) {
        const found: unknown = typeof condition === 'function' ? condition(value) : condition;
        if (found instanceof Promise)
          throw new TypeError(`check "${name}": await the value first; a check cannot wait`);
        const passed = Boolean(found);
        if (!passed) all = false;
        const series = thread.recorder?.rate('checks', { ...ownTags(vu, tags), check: name }, phaseOf(vu));
        series?.add(passed);
      }
      return all;
    },

    async sleep(time) {
      running(vu, 'sleep');
      const ms = typeof time === 'number' ? time * 1000 : parseDuration(time);
      if (ms === undefined || !(ms >= 0)) {
        throw new TypeError(`sleep: expected seconds or a text such as "500ms", got ${JSON.stringify(time)}`);
      }
      await returning(vu, sleep(thread.clock, ms, vu.signal));
    },

    fail(message = 'fail() was called') {
      throw new Error(message);
    },

    random: () => vu.random(),

    dataset(path) {
      if (vu.stage !== 'init') throw new Error('dataset() belongs at the top of the scenario file');
      const file = isAbsolute(path) ? path : resolve(thread.folder, path);
      const drawn = thread.datasets.open(file, { vu: Math.max(0, vu.id - 1), vus: Math.max(1, thread.vus) });
      return { size: drawn.size, next: drawn.next, row: <Row>() => drawn.row() as Row };
    },

    peakUsers: (users, { ramp, hold, ...rest }) => ({
      executor: 'ramping-vus',
      startVUs: 1,
      stages: [
        { duration: ramp, target: users },
        { duration: hold, target: users },
      ],
      ...rest,
    }),

    exec: executionOf(vu),

    ...ownMetrics(vu),
  };
}

/** Whatever is awaited here goes back into the script: should it then keep the thread, it is known whose code that was. */
async function returning<Result>(vu: VuState, result: Promise<Result>): Promise<Result> {
  try {
    return await result;
  } finally {
    vu.thread.onEntry(vu.id, vu.iteration);
  }
}

/** Requests and waiting belong into functions: at the top of the file they would happen once for each VU, untimed. */
function running(vu: VuState, what: string): void {
  if (vu.stage === 'init')
    throw new Error(`${what}() belongs into a function; the top of the file is run for every VU`);
  vu.signal?.throwIfAborted();
}
