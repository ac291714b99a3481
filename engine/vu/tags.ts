import type { SampleTags } from '../api/metrics.js';
import type { Tags } from '../metrics/series.js';

/** Tags of a script, with all values as strings. */
export function textTags(tags: SampleTags | undefined): Tags {
  if (!tags) return {};
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]));
}

/** All tags of a VU: run, scenario, VU, and `own`. Later ones override. */
export function allTags(
  { tags, scenario }: { readonly tags: SampleTags; readonly scenario: string },
  own?: SampleTags,
): Tags {
  return { scenario, ...textTags(tags), ...textTags(own) };
}

/** Selects the tags with the listed keys. */
export function pickTags(tags: Tags, keys: readonly string[]): Tags {
  const picked: Record<string, string> = {};
  for (const key of keys) {
    const value = tags[key];
    if (value !== undefined) picked[key] = value;
  }
  return picked;
}
