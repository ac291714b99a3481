import type * as metrics from '../../api/metrics.js';
import type { SampleTags } from '../../api/metrics.js';
import type { MetricInfo } from '../../metrics/catalogue.js';
import type { Series } from '../../metrics/series.js';
import { logSample, ownTags, phaseOf } from '../samples.js';
import type { VuState } from '../vu-state.js';

/** `Counter`, `Gauge`, `Rate` and `Trend` of one VU. */
export function ownMetrics(vu: VuState): typeof metrics {
  return {
    Counter: class {
      readonly add: (amount: number, tags?: SampleTags) => void;
      constructor(readonly name: string) {
        const { open, log } = openMetric(vu, name, { kind: 'counter', contains: 'default' });
        this.add = (amount, tags) => {
          const series = open(tags);
          if (series?.kind !== 'counter') return;
          series.add(numberFor(name, amount));
          log(amount, tags);
        };
      }
    },

    Gauge: class {
      readonly add: (value: number, tags?: SampleTags) => void;
      constructor(readonly name: string) {
        const { open, log } = openMetric(vu, name, { kind: 'gauge', contains: 'default' });
        this.add = (value, tags) => {
          const series = open(tags);
          if (series?.kind !== 'gauge') return;
          series.set(numberFor(name, value));
          log(value, tags);
        };
      }
    },

    Rate: class {
      readonly add: (passed: boolean | number, tags?: SampleTags) => void;
      constructor(readonly name: string) {
        const { open, log } = openMetric(vu, name, { kind: 'rate', contains: 'default' });
        this.add = (passed, tags) => {
          const series = open(tags);
          if (series?.kind !== 'rate') return;
          series.add(Boolean(passed));
          log(Number(Boolean(passed)), tags);
        };
      }
    },

    Trend: class {
      readonly add: (value: number, tags?: SampleTags) => void;
      constructor(
        readonly name: string,
        readonly isTime: boolean = false,
      ) {
        const { open, log } = openMetric(vu, name, { kind: 'trend', contains: isTime ? 'time' : 'default' });
        this.add = (value, tags) => {
          const series = open(tags);
          if (series?.kind !== 'trend') return;
          if (!series.add(value)) throw new TypeError(`${name}: a Trend takes numbers from 0 up, got ${value}`);
          log(value, tags);
        };
      }
    },
  };
}

/** Custom metric of a script. */
interface OpenMetric {
  /** Series for a sample's tags; undefined where nothing is recorded. */
  readonly open: (tags?: SampleTags) => Series | undefined;
  /** Logs a recorded sample. */
  readonly log: (value: number, tags?: SampleTags) => void;
}

function openMetric(vu: VuState, name: string, given: MetricInfo): OpenMetric {
  if (vu.stage !== 'init') throw new Error(`the metric ${name} has to be made at the top of the scenario file`);
  const info = vu.thread.metrics.define(name, given);
  return {
    open: (tags) => vu.thread.recorder?.series(name, info, ownTags(vu, tags), phaseOf(vu)),
    log: (value, tags) => logSample(vu, name, info, value, tags),
  };
}

function numberFor(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new TypeError(`${name}: expected a number, got ${JSON.stringify(value)}`);
}
