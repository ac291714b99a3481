import { isAbsolute, resolve } from 'node:path';
import type { Api, SampleTags } from '../api/index.js';
import { parseDuration, sleep } from '../clock.js';
import type { MetricInfo } from '../metrics/catalogue.js';
import type { Series } from '../metrics/series.js';
import { chatFor } from './chat.js';
import { executionOf } from './execution.js';
import type { VuState } from './state.js';
import { pickTags, textTags } from './tags.js';

/** What one VU gets for `import … from 'tokenswarm'`: the functions of engine/api, bound to it. */
export function bindApi(vu: VuState): Api {
  const { thread } = vu;
  return {
    async chat(request) {
      running(vu, 'chat');
      return chatFor(vu, request);
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
      await sleep(thread.clock, ms, vu.signal);
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

    Counter: class {
      readonly add: (amount: number, tags?: SampleTags) => void;
      constructor(readonly name: string) {
        const open = openMetric(vu, name, { kind: 'counter', contains: 'default' });
        this.add = (amount, tags) => {
          const series = open(tags);
          if (series?.kind === 'counter') series.add(numberFor(name, amount));
        };
      }
    },

    Gauge: class {
      readonly add: (value: number, tags?: SampleTags) => void;
      constructor(readonly name: string) {
        const open = openMetric(vu, name, { kind: 'gauge', contains: 'default' });
        this.add = (value, tags) => {
          const series = open(tags);
          if (series?.kind === 'gauge') series.set(numberFor(name, value));
        };
      }
    },

    Rate: class {
      readonly add: (passed: boolean | number, tags?: SampleTags) => void;
      constructor(readonly name: string) {
        const open = openMetric(vu, name, { kind: 'rate', contains: 'default' });
        this.add = (passed, tags) => {
          const series = open(tags);
          if (series?.kind === 'rate') series.add(Boolean(passed));
        };
      }
    },

    Trend: class {
      readonly add: (value: number, tags?: SampleTags) => void;
      constructor(
        readonly name: string,
        readonly isTime: boolean = false,
      ) {
        const open = openMetric(vu, name, { kind: 'trend', contains: isTime ? 'time' : 'default' });
        this.add = (value, tags) => {
          const series = open(tags);
          if (series?.kind !== 'trend' || series.add(value)) return;
          throw new TypeError(`${name}: a Trend takes numbers from 0 up, got ${value}`);
        };
      }
    },
  };
}

/** Defines a user's metric and gives what finds its series for a sample's tags. */
function openMetric(vu: VuState, name: string, given: MetricInfo): (tags?: SampleTags) => Series | undefined {
  if (vu.stage !== 'init') throw new Error(`the metric ${name} has to be made at the top of the scenario file`);
  const info = vu.thread.metrics.define(name, given);
  return (tags) => vu.thread.recorder?.series(name, info, ownTags(vu, tags), phaseOf(vu));
}

/** Tags of a sample that the script takes: its own, the scenario, and those that a threshold asks for. */
function ownTags(vu: VuState, tags: SampleTags | undefined): Record<string, string> {
  const { thread } = vu;
  const asked = thread.tagKeys.length > 0 ? pickTags({ ...vu.tags }, thread.tagKeys) : {};
  return { scenario: vu.scenario, ...asked, ...textTags(tags) };
}

function phaseOf(vu: VuState) {
  return vu.thread.recorder?.phaseAt(vu.thread.clock.now()) ?? 'outside';
}

function numberFor(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new TypeError(`${name}: expected a number, got ${JSON.stringify(value)}`);
}

/** Requests and waiting belong into functions: at the top of the file they would happen once for each VU, untimed. */
function running(vu: VuState, what: string): void {
  if (vu.stage === 'init')
    throw new Error(`${what}() belongs into a function; the top of the file is run for every VU`);
  vu.signal?.throwIfAborted();
}
