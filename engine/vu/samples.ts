import type { SampleTags } from '../api/metrics.js';
import type { Phase } from '../metrics/series.js';
import type { VuState } from './state.js';
import { pickTags, textTags } from './tags.js';

/** Tags of a sample that the script takes: its own, the scenario, and those that a threshold asks for. */
export function ownTags(vu: VuState, tags: SampleTags | undefined): Record<string, string> {
  const { thread } = vu;
  const asked = thread.tagKeys.length > 0 ? pickTags(textTags(vu.tags), thread.tagKeys) : {};
  return { scenario: vu.scenario, ...asked, ...textTags(tags) };
}

/** Whether a sample that is taken now belongs to the steady state. */
export function phaseOf(vu: VuState): Phase {
  if (vu.stage === 'hook') return 'outside';
  return vu.thread.recorder?.phaseAt(vu.thread.clock.now()) ?? 'outside';
}
