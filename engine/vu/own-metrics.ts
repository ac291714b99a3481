import type * as metrics from '../api/metrics.js';
import type { SampleTags } from '../api/metrics.js';
import type { MetricInfo } from '../metrics/catalogue.js';
import type { Series } from '../metrics/series.js';
import { ownTags, phaseOf } from './samples.js';
import type { VuState } from './state.js';

/** `Counter`, `Gauge`, `Rate` and `Trend` of one VU. */
export function ownMetrics(vu: VuState): typeof metrics {
  return {
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

function numberFor(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new TypeError(`${name}: expected a number, got ${JSON.stringify(value)}`);
}
