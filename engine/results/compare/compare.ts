import type { Bounds } from '../../metrics/snapshot.js';
import { differenceBounds, estimateOf, ratioBounds } from '../confidence-interval.js';
import type { ComparedMetric, ComparedRun, Tool } from './compared-run.js';

/** Verdict on a change, in one word. */
export type Word =
  | 'faster'
  | 'slower'
  | 'fewer'
  | 'more'
  | 'better'
  | 'worse'
  | 'higher'
  | 'lower'
  | 'no difference shown'
  | 'not judged'
  | 'not comparable';

/** Change of a figure against the first run. */
export interface Change {
  /** Ratio to the first run; undefined if that is zero. */
  readonly ratio?: number;
  /** Difference from the first run, in the metric's unit. */
  readonly difference: number;
  /** Bounds of the ratio, or of the difference of shares, at 99 % confidence. */
  readonly bounds?: Bounds;
  /** True if the bounds assume independent samples, and so may be too narrow. */
  readonly asIfIndependent: boolean;
  readonly word: Word;
}

/** One figure in all runs. */
export interface Row {
  readonly metric: string;
  /** Value key: `med`, `p(95)`, `value`, `rate`, … */
  readonly key: string;
  readonly form: Pick<ComparedMetric, 'type' | 'contains'>;
  /** Value of each run; undefined if missing. */
  readonly values: readonly (number | undefined)[];
  /** Change of each run except the first. */
  readonly changes: readonly (Change | undefined)[];
  /** Remark on the figure of a run, by the run's number. */
  readonly remarks: readonly (string | undefined)[];
}

/** Runs side by side. */
export interface Comparison {
  readonly runs: readonly ComparedRun[];
  readonly rows: readonly Row[];
  /** Differences between the runs besides the measured ones. */
  readonly warnings: readonly string[];
  /** For each run except the first: reason its latencies and rates cannot be compared; undefined if they can. */
  readonly incomparable: readonly (string | undefined)[];
}

/** Difference of mean request tokens, as a share, beyond which the work differs. */
const TOKENS_APART = 0.05;

const TREND_KEYS = ['avg', 'med', 'p(95)', 'p(99)'];

/** Compared figures, in this order. */
const FIGURES: readonly (readonly [metric: string, keys: readonly string[]])[] = [
  ['llm_output_tokens_per_second', ['value']],
  ['llm_output_characters_per_second', ['value']],
  ['llm_requests_per_second', ['value']],
  ['llm_ttft', TREND_KEYS],
  ['llm_ttft_chunk', TREND_KEYS],
  ['llm_tpot', TREND_KEYS],
  ['llm_tpot_chunk', TREND_KEYS],
  ['llm_itl', TREND_KEYS],
  ['llm_chunk_gap', TREND_KEYS],
  ['llm_e2e', TREND_KEYS],
  ['llm_failed', ['rate']],
  ['llm_good', ['rate']],
  ['http_reqs', ['rate']],
  ['http_req_duration', TREND_KEYS],
  ['http_req_failed', ['rate']],
  ['responses_per_second', ['value']],
  ['response_time', TREND_KEYS],
  ['response_failed', ['rate']],
];

/** Figures by another tool's definition, shown where that tool is compared. */
const RULES_OF: Readonly<Record<string, Tool>> = {
  llm_ttft_chunk: 'vllm',
  llm_tpot_chunk: 'vllm',
  llm_chunk_gap: 'vllm',
  responses_per_second: 'locust',
  response_time: 'locust',
  response_failed: 'locust',
};

/** Compares each run with the first. */
export function compare(runs: readonly ComparedRun[]): Comparison {
  const [first, ...others] = runs;
  const incomparable = others.map((run) => (first ? tokensApart(first, run) : undefined));
  const tools = new Set(runs.map(({ tool }) => tool));
  // Of one model they are redundant with tokens.
  const models = new Set(runs.flatMap(({ facts }) => facts.model ?? []));
  const isAsked = (metric: string) => {
    if (metric === 'llm_output_characters_per_second') return models.size > 1;
    return RULES_OF[metric] === undefined || tools.has(RULES_OF[metric]);
  };
  const rows = FIGURES.filter(([metric]) => isAsked(metric)).flatMap(([metric, keys]) =>
    keys.map((key) => rowOf(runs, incomparable, metric, key)),
  );
  const shared = rows.filter(({ values }) => values.filter((value) => value !== undefined).length > 1);
  return { runs, rows: shared, warnings: warningsOf(runs), incomparable };
}

/** One figure in all runs, including those not compared by default. */
export function rowOf(
  runs: readonly ComparedRun[],
  incomparable: readonly (string | undefined)[],
  metric: string,
  key: string,
): Row {
  const found = runs.map(({ metrics }) => metrics[metric]);
  const form = found.find((each) => each !== undefined) ?? { type: 'gauge', contains: 'default' };
  const [first, ...others] = found;
  return {
    metric,
    key,
    form: { type: form.type, contains: form.contains },
    values: found.map((each) => each?.values[key]),
    changes: others.map((other, index) => {
      const isApart = incomparable[index] !== undefined && dependsOnTokens(metric);
      return first && other && changeOf(metric, key, first, other, isApart);
    }),
    remarks: found.map((each) => each?.remark),
  };
}

function changeOf(
  metric: string,
  key: string,
  first: ComparedMetric,
  other: ComparedMetric,
  isApart: boolean,
): Change | undefined {
  const [a, b] = [first.values[key], other.values[key]];
  if (a === undefined || b === undefined) return undefined;
  const change = { difference: b - a, ...(a > 0 && { ratio: b / a }) };
  const [one, two] = [estimateOf(first, key), estimateOf(other, key)];
  const isShare = first.type === 'rate' && key === 'rate';
  const bounds = one && two && (isShare ? differenceBounds(one, two) : ratioBounds(one, two));
  const asIfIndependent = bounds !== undefined && (one?.asIfIndependent || two?.asIfIndependent) === true;
  const word = isApart ? 'not comparable' : bounds ? wordOf(metric, first, bounds, isShare ? 0 : 1) : 'not judged';
  return { ...change, ...(bounds && { bounds }), asIfIndependent, word };
}

function wordOf(metric: string, { contains, type }: ComparedMetric, [low, high]: Bounds, same: number): Word {
  if (low <= same && same <= high) return 'no difference shown';
  const isMore = low > same;
  if (metric.endsWith('_failed')) return isMore ? 'more' : 'fewer';
  if (metric === 'llm_good' || metric === 'checks') return isMore ? 'better' : 'worse';
  if (/_per_second$|_per_minute$|^http_reqs$/.test(metric)) return isMore ? 'faster' : 'slower';
  if (type === 'trend' && contains === 'time') return isMore ? 'slower' : 'faster';
  return isMore ? 'higher' : 'lower';
}

/** True for figures that depend on the size of requests. */
function dependsOnTokens(metric: string): boolean {
  return /^llm_|^response/.test(metric) && !metric.endsWith('_failed');
}

function tokensApart(first: ComparedRun, run: ComparedRun): string | undefined {
  const reasons = (['input', 'output'] as const).flatMap((side) => {
    const [a, b] = [first.tokens[side], run.tokens[side]];
    if (!a || !b || Math.abs(b / a - 1) <= TOKENS_APART) return [];
    return [`${b.toFixed(1)} ${side} tokens a request against ${a.toFixed(1)}`];
  });
  return reasons.length > 0 ? reasons.join(' and ') : undefined;
}

/** Name of a run: A for the first. */
export function nameOf(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : `run ${index + 1}`;
}

function warningsOf(runs: readonly ComparedRun[]): string[] {
  const facts = new Set(runs.flatMap((run) => Object.keys(run.facts)));
  const differing = [...facts].flatMap((fact) => {
    const told = runs.map((run) => run.facts[fact]);
    if (new Set(told.filter((each) => each !== undefined)).size < 2) return [];
    return [
      `the ${fact} differs: ${told.map((each, index) => `${nameOf(index)} ${each ?? 'does not tell'}`).join('; ')}`,
    ];
  });
  const windows = new Set(runs.map(({ window }) => window));
  const doubts = runs.flatMap(({ quality, metrics }, index) => [
    ...(quality && quality.verdict !== 'valid'
      ? [`the numbers of ${nameOf(index)} are ${quality.verdict}: ${quality.reasons.join('; ')}`]
      : []),
    ...(FIGURES.some(([metric]) => metrics[metric]) ? [] : [`${nameOf(index)} has no figure that can be compared`]),
    ...onlyFailures(metrics, index),
  ]);
  return [
    ...differing,
    ...(windows.size > 1 ? ['some figures are of the steady state, others of a whole run that had none'] : []),
    ...doubts,
  ];
}

function onlyFailures(metrics: ComparedRun['metrics'], index: number): string[] {
  const all = ['llm_failed', 'http_req_failed', 'response_failed'].flatMap((name) => metrics[name]?.values.rate ?? []);
  return all.length > 0 && all.every((rate) => rate === 1) ? [`every request of ${nameOf(index)} failed`] : [];
}
