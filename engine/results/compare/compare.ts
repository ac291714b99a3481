import type { Bounds } from '../../metrics/snapshot.js';
import { differenceBounds, estimateOf, ratioBounds } from '../confidence-interval.js';
import { aligned } from './aligned.js';
import type { ComparedMetric, ComparedRun } from './compared-run.js';
import { tokensApart, warningsOf } from './differences.js';

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
  /** Bounds of the ratio (of shares, the difference) at 99 % confidence. */
  readonly bounds?: Bounds;
  /** True if the bounds assume independent samples. They may be too narrow then. */
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
  /** Figures that only one run has. */
  readonly alone: readonly Row[];
  /** Differences between the runs besides the measured ones. */
  readonly warnings: readonly string[];
  /** Reason each run but the first is incomparable to it. Undefined if comparable. */
  readonly incomparable: readonly (string | undefined)[];
}

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
  ['tpot_with_ttft', TREND_KEYS],
  ['llm_itl', TREND_KEYS],
  ['llm_chunk_gap', TREND_KEYS],
  ['llm_e2e', TREND_KEYS],
  ['llm_failed', ['rate']],
  ['llm_good', ['rate']],
  ['llm_sessions_per_hour', ['value']],
  ['llm_session_duration', TREND_KEYS],
  ['llm_session_model', ['avg']],
  ['llm_session_good', ['rate']],
  ['llm_session_failed', ['rate']],
  ['llm_cache_hit', ['rate']],
  ['http_reqs', ['rate']],
  ['http_req_duration', TREND_KEYS],
  ['http_req_failed', ['rate']],
  ['responses_per_second', ['value']],
  ['response_time', TREND_KEYS],
  ['response_failed', ['rate']],
];

/** Shares that are better the higher they are. */
const BETTER_HIGH = ['llm_good', 'llm_session_good', 'llm_cache_hit', 'checks'];

/** Figures by another tool's rules, shown where a run has them. */
const THEIRS = [
  'llm_ttft_chunk',
  'llm_tpot_chunk',
  'llm_chunk_gap',
  'tpot_with_ttft',
  'responses_per_second',
  'response_time',
  'response_failed',
];

/** Compares each run with the first. */
export function compare(all: readonly ComparedRun[]): Comparison {
  const runs = aligned(all);
  const [first, ...others] = runs;
  const incomparable = others.map((run) => (first ? tokensApart(first, run) : undefined));
  // Of one model they are redundant with tokens.
  const models = new Set(runs.flatMap(({ facts }) => facts.model ?? []));
  const isAsked = (metric: string) => {
    if (metric === 'llm_output_characters_per_second') return models.size > 1;
    return !THEIRS.includes(metric) || runs.some(({ tool, metrics }) => tool !== 'tokenswarm' && metrics[metric]);
  };
  const rows = FIGURES.filter(([metric]) => isAsked(metric)).flatMap(([metric, keys]) =>
    keys.map((key) => rowOf(runs, incomparable, metric, key)),
  );
  const many = ({ values }: Row) => values.filter((value) => value !== undefined).length;
  const shared = rows.filter((row) => many(row) > 1);
  // What stands beside another rule's figure is not alone.
  const isShown = ({ metric }: Row) =>
    runs.some(({ metrics }) => Object.values(metrics).some(({ rule }) => rule === metric));
  const alone = runs.length > 1 ? rows.filter((row) => many(row) === 1 && !isShown(row)) : [];
  return {
    runs,
    rows: shared,
    alone,
    warnings: warningsOf(
      runs,
      FIGURES.map(([metric]) => metric),
    ),
    incomparable,
  };
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
  // Its samples are tokens, of which a prompt has thousands alike.
  const isBounded = first.rule === other.rule && metric !== 'llm_cache_hit';
  const bounds = isBounded && one && two && (isShare ? differenceBounds(one, two) : ratioBounds(one, two));
  const asIfIndependent = Boolean(bounds) && (one?.asIfIndependent || two?.asIfIndependent) === true;
  const word = isApart ? 'not comparable' : bounds ? wordOf(metric, first, bounds, isShare ? 0 : 1) : 'not judged';
  return { ...change, ...(bounds && { bounds }), asIfIndependent, word };
}

function wordOf(metric: string, { contains, type }: ComparedMetric, [low, high]: Bounds, same: number): Word {
  if (low <= same && same <= high) return 'no difference shown';
  const isMore = low > same;
  if (metric.endsWith('_failed')) return isMore ? 'more' : 'fewer';
  if (BETTER_HIGH.includes(metric)) return isMore ? 'better' : 'worse';
  if (/_per_(second|minute|hour)$|^http_reqs$/.test(metric)) return isMore ? 'faster' : 'slower';
  if (type === 'trend' && contains === 'time') return isMore ? 'slower' : 'faster';
  return isMore ? 'higher' : 'lower';
}

/** True for figures that depend on the size of requests. */
function dependsOnTokens(metric: string): boolean {
  return /^llm_|^response/.test(metric) && !metric.endsWith('_failed');
}
