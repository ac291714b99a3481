import type { Aggregator } from './aggregator.js';

/** Calls of one function that were pending when their iterations had ended. */
export interface Outlived {
  readonly call: string;
  readonly count: number;
}

/** Functions that send no request of their own. */
export const WAITS: ReadonlySet<string> = new Set(['sleep', 'group']);

const LIST = new Intl.ListFormat('en-GB', { type: 'disjunction' });

/** Calls of a run that outlived their iteration, the most frequent first. */
export function outlivedOf(aggregator: Aggregator): readonly Outlived[] {
  return aggregator
    .splits('flow_unawaited', ['call'])
    .flatMap(({ call = '' }) => {
      return { call, count: aggregator.total('flow_unawaited', ['steady', 'outside'], { call }) };
    })
    .sort((a, b) => b.count - a.count);
}

/** Number of requests among calls that outlived their iteration. */
export function requestsAmong(calls: readonly Outlived[]): number {
  return calls.reduce((sum, { call, count }) => (WAITS.has(call) ? sum : sum + count), 0);
}

/** Sentence on calls that outlived their iteration. Counts requests where there are any, else the calls. */
export function outlivedText(calls: readonly Outlived[]): string {
  const requests = requestsAmong(calls);
  const count = requests || calls.reduce((sum, each) => sum + each.count, 0);
  const noun = requests > 0 ? 'request' : 'call';
  return `${count} ${noun}${count === 1 ? '' : 's'} outlived ${count === 1 ? 'its' : 'their'} iteration: ${question(calls)}`;
}

/** Sentence on such calls for a running load, without numbers. */
export function outlivingText(calls: readonly Outlived[]): string {
  return `${requestsAmong(calls) > 0 ? 'requests' : 'calls'} outlive their iteration: ${question(calls)}`;
}

function question(calls: readonly Outlived[]): string {
  return `is an await missing at ${LIST.format(calls.map(({ call }) => call))}?`;
}
