import type { SampleTags } from '../../api/metrics.js';
import { BUILT_IN } from '../../metrics/catalogue.js';
import { logSample, ownTags, phaseOf } from '../samples.js';
import type { VuState } from '../vu-state.js';

/** Records the result of one check, and returns it. */
export function recordCheck(vu: VuState, name: string, passed: boolean, tags: SampleTags | undefined): boolean {
  const { group } = vu.tags;
  const inGroup = group ? { group: String(group) } : {};
  const series = vu.thread.recorder?.rate('checks', { ...inGroup, ...ownTags(vu, tags), check: name }, phaseOf(vu));
  series?.add(passed);
  logSample(vu, 'checks', BUILT_IN.checks, Number(passed), { ...tags, check: name });
  return passed;
}
