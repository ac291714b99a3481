import type { SampleTags } from '../api/metrics.js';
import type { Tags } from '../metrics/series.js';

/** Tags as a script writes them, with every value as text. */
export function textTags(tags: SampleTags | undefined): Tags {
  if (!tags) return {};
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]));
}

/** Every tag of what a user does: those of the run, the scenario and the user, and its own, which win. */
export function allTags(
  { tags, scenario }: { readonly tags: SampleTags; readonly scenario: string },
  own?: SampleTags,
): Tags {
  return { scenario, ...textTags(tags), ...textTags(own) };
}

/** Those of the tags that are in the list. */
export function pickTags(tags: Tags, keys: readonly string[]): Tags {
  const picked: Record<string, string> = {};
  for (const key of keys) {
    const value = tags[key];
    if (value !== undefined) picked[key] = value;
  }
  return picked;
}
