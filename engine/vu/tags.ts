import type { SampleTags } from '../api/metrics.js';
import type { Tags } from '../metrics/series.js';

/** Tags as a script writes them, with every value as text. */
export function textTags(tags: SampleTags | undefined): Tags {
  if (!tags) return {};
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]));
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
