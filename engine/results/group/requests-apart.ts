import { basename } from 'node:path';
import type { RunRecord } from '../recorded-run.js';
import { type Setting, tokensApart } from './setting.js';

/** Difference of requests that makes two settings incomparable. Undefined if none. */
export function requestsApart(a: Setting, b: Setting): string | undefined {
  const [one, two] = [datasetsOf(a), datasetsOf(b)];
  // Both ask what they were given, so that their mean is no matter of chance. Of sessions a run has some.
  const tokens = tokensApart(a.tokens, b.tokens, hasSessions(a) && hasSessions(b) ? ['input', 'output'] : ['output']);
  const data = one !== '' && two !== '' && one !== two ? `prompts of ${two} against ${one}` : undefined;
  const reasons = [data, tokens].filter((each) => each !== undefined);
  return reasons.length > 0 ? reasons.join(', and ') : undefined;
}

function hasSessions({ runs }: Setting): boolean {
  return runs.some(({ record }) => record.metrics.llm_session_duration !== undefined);
}

/** True for prompts of one data set, drawn by different seeds. */
export function seedsApart(a: Setting, b: Setting): boolean {
  const data = datasetsOf(a);
  return data !== '' && data === datasetsOf(b) && seedsOf(a) !== seedsOf(b);
}

/** Names and lengths of the data sets that a setting drew from. */
function datasetsOf({ runs }: Setting): string {
  return listed(runs.flatMap(({ record }) => (record.datasets ?? []).filter(({ draws }) => draws > 0).map(nameOf)));
}

function nameOf({ file, rows }: NonNullable<RunRecord['datasets']>[number]): string {
  return `${basename(file)} (${rows} rows)`;
}

function seedsOf({ runs }: Setting): string {
  return listed(runs.map(({ record }) => String(record.run.seed)));
}

function listed(names: readonly string[]): string {
  return [...new Set(names)].sort().join(', ');
}
