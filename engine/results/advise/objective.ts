import { configError } from '../../errors.js';
import { findMetric, type MetricInfo, unknownMetric } from '../../metrics/catalogue.js';
import { aggregationsOf, holds, type Operator, offers, parseObjective } from '../../metrics/thresholds.js';
import { type Figure, figureOf } from '../group/figure.js';
import type { RunRecord } from '../recorded-run.js';
import { leastDuration } from '../sweep/cut-off.js';

/** One condition of a service-level objective: `llm_ttft:p(95)<500`. */
export interface Objective {
  readonly text: string;
  /** Name with selector, as in a record. */
  readonly metric: string;
  readonly key: string;
  readonly operator: Operator;
  readonly limit: number;
  /** Unit of the metric. */
  readonly contains: MetricInfo['contains'];
}

/** Verdict on a condition. Met by all of the bounds, by the value only, or not at all. */
export type Verdict = 'surely' | 'probably' | 'not';

/** Condition, and the figure of a setting. */
export interface Judgement {
  readonly objective: Objective;
  /** Undefined without samples, which does not pass. */
  readonly figure: Figure | undefined;
  readonly verdict: Verdict;
}

/**
 * Parses conditions on built-in or recorded metrics. Throws a UserError that lists syntax errors, unknown metrics, and
 * conditions that more load cannot make fail.
 */
export function readObjectives(
  texts: readonly string[],
  records: readonly Pick<RunRecord, 'metrics'>[],
): readonly Objective[] {
  const recorded = new Map(records.flatMap(({ metrics }) => Object.entries(metrics)));
  const custom: Record<string, MetricInfo> = {};
  for (const [name, { type, contains }] of recorded) custom[name] = { kind: type, contains };
  const problems: string[] = [];
  const objectives = texts.flatMap((text): Objective[] => {
    const parsed = parseObjective(text);
    if (typeof parsed === 'string') {
      problems.push(parsed);
      return [];
    }
    const { metric, name, source, condition } = parsed;
    const info = findMetric(name, custom);
    const problem = problemOf(name, info, condition.aggregation, condition.operator, custom);
    if (problem !== undefined || !info) {
      problems.push(`${JSON.stringify(text)}: ${problem}`);
      return [];
    }
    if (metric.includes('{') && !recorded.has(metric)) {
      problems.push(`${JSON.stringify(text)}: no record has ${metric}; set a threshold on it when you run`);
      return [];
    }
    const { aggregation: key, operator, limit } = condition;
    return [{ text: `${metric} ${source}`, metric, key, operator, limit, contains: info.contains }];
  });
  if (problems.length === 0) return objectives;
  throw configError(
    '--slo',
    problems.join('\n'),
    "for example --slo 'llm_ttft:p(95)<500' --slo 'llm_failed:rate<0.01'",
  );
}

function problemOf(
  name: string,
  info: MetricInfo | undefined,
  aggregation: string,
  operator: Operator,
  custom: Readonly<Record<string, MetricInfo>>,
): string | undefined {
  if (!info) return unknownMetric(name, custom);
  if (!offers(info, aggregation)) {
    return `${name} is a ${info.kind} and has no ${aggregation}; it has ${aggregationsOf(info).join(', ')}`;
  }
  return /^[<>]=?$/.test(operator) ? undefined : `expected <, <=, > or >=, got ${operator}`;
}

/** Judges the runs of a setting by a condition. Sessions that were cut off beyond its limit count by their age. */
export function judgeObjective(records: readonly Pick<RunRecord, 'metrics'>[], objective: Objective): Judgement {
  const { metric, key, operator, limit } = objective;
  const condition = { aggregation: key, operator, limit };
  const cutOff = records.flatMap(({ metrics }) => leastDuration(metrics, metric, condition)?.observed ?? []);
  const least = Math.max(...cutOff);
  if (cutOff.length > 0 && least > limit) {
    return { objective, figure: { value: least, asIfIndependent: true }, verdict: 'not' };
  }
  const figure = figureOf(records, metric, key);
  if (!figure || !holds(figure.value, operator, limit)) return { objective, figure, verdict: 'not' };
  const isSure = figure.bounds?.every((bound) => holds(bound, operator, limit)) === true;
  return { objective, figure, verdict: isSure ? 'surely' : 'probably' };
}

/** Worst of some verdicts. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('not')) return 'not';
  return verdicts.includes('probably') ? 'probably' : 'surely';
}

/** Excess over the limit, as a share of it. Undefined for a limit of zero. */
export function excess({ operator, limit }: Objective, value: number): number | undefined {
  if (limit === 0) return undefined;
  return operator.startsWith('<') ? value / limit - 1 : 1 - value / limit;
}

/** Most arrivals that may be dropped, as a share. Above it the rate was not carried. */
const DROPPED: Objective = {
  ...{ text: 'dropped_iterations share<=0.01', metric: 'dropped_iterations', key: 'share' },
  ...{ operator: '<=', limit: 0.01, contains: 'default' },
};

/** Judges dropped arrivals, which no latency shows; undefined where there were none. */
export function judgeDropped(records: readonly Pick<RunRecord, 'metrics'>[]): Judgement | undefined {
  const sum = (metric: string) => records.reduce((all, { metrics }) => all + (metrics[metric]?.values.count ?? 0), 0);
  const dropped = sum('dropped_iterations');
  const value = dropped / Math.max(1, dropped + sum('iterations'));
  if (value === 0) return undefined;
  return {
    objective: DROPPED,
    figure: { value, asIfIndependent: true },
    verdict: value <= DROPPED.limit ? 'surely' : 'not',
  };
}
