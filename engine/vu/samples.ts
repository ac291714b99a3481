import type { SampleTags } from '../api/metrics.js';
import type { MetricInfo } from '../metrics/catalogue.js';
import type { Phase } from '../metrics/series.js';
import { allTags, pickTags, textTags } from './tags.js';
import type { VuState } from './vu-state.js';

/** Tags of a script's sample. Its own, the scenario, and those that thresholds select by. */
export function ownTags(vu: VuState, tags: SampleTags | undefined): Record<string, string> {
  const { thread } = vu;
  const asked = thread.tagKeys.length > 0 ? pickTags(textTags(vu.tags), thread.tagKeys) : {};
  return { scenario: vu.scenario, ...asked, ...textTags(tags) };
}

/** Logs a sample taken now, where records are logged. */
export function logSample(vu: VuState, metric: string, info: MetricInfo, value: number, own?: SampleTags): void {
  const { log, clock, isK6 } = vu.thread;
  // In k6 samples of setup and teardown count.
  if (vu.stage === 'running' || (isK6 && vu.stage === 'hook'))
    log?.sample(vu, metric, info, value, clock.now(), () => allTags(vu, own));
}

/** Phase of a sample taken now. */
export function phaseOf(vu: VuState): Phase {
  if (vu.stage === 'hook') return 'outside';
  return vu.thread.recorder?.phaseAt(vu.thread.clock.now()) ?? 'outside';
}
