import type { SampleTags } from '../../api/metrics.js';
import { ownMetrics } from '../api/custom-metrics.js';
import type { VuState } from '../vu-state.js';

interface Metric {
  readonly add: (value: number, tags?: SampleTags) => void;
}

/** Module `k6/metrics` of one VU. A value that is no number is left out with a warning, as in k6. */
export function k6MetricsFor(vu: VuState) {
  const base = ownMetrics(vu);
  const adderTo =
    ({ add }: Metric, name: string, isTrend = false) =>
    (value: unknown, tags?: SampleTags | null): boolean => {
      const number = Number(value);
      if (!Number.isFinite(number) || value === null) {
        vu.thread.recorder?.warn(`${name}: a sample that is no number was left out`);
        return false;
      }
      if (isTrend && number < 0) vu.thread.recorder?.warn(`${name}: samples below 0 were taken as 0`);
      add(isTrend ? Math.max(0, number) : number, tags ?? undefined);
      return true;
    };
  return {
    Counter: class {
      readonly add: ReturnType<typeof adderTo>;
      constructor(readonly name: string) {
        this.add = adderTo(new base.Counter(name), name);
      }
    },
    Gauge: class {
      readonly add: ReturnType<typeof adderTo>;
      constructor(readonly name: string) {
        this.add = adderTo(new base.Gauge(name), name);
      }
    },
    Rate: class {
      readonly add: ReturnType<typeof adderTo>;
      constructor(readonly name: string) {
        this.add = adderTo(new base.Rate(name), name);
      }
    },
    Trend: class {
      readonly add: ReturnType<typeof adderTo>;
      constructor(
        readonly name: string,
        isTime = false,
      ) {
        this.add = adderTo(new base.Trend(name, Boolean(isTime)), name, true);
      }
    },
  };
}
