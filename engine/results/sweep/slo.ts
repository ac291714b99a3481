import { configError } from '../../errors.js';
import type { Summary } from '../../metrics/snapshot.js';
import { parseCondition, parseObjective } from '../../metrics/thresholds.js';
import { leastDuration } from './cut-off.js';

/** Objective that a run missed. */
export interface Miss {
  /** `llm_ttft p(95)<500` */
  readonly text: string;
  readonly metric: string;
  readonly source: string;
  /** In the metric's unit; undefined without samples. */
  readonly observed: number | undefined;
  /** Excess over the limit, as a share of it. Undefined for a limit of zero, or without samples. */
  readonly beyond: number | undefined;
  /** Sessions in it that were cut off beyond the limit. It is at least as much then. */
  readonly cutOff?: number;
}

/** Most arrivals that may be dropped, as a share. Above it the rate was not carried. */
const MOST_DROPPED = 0.01;

/**
 * Parses `llm_ttft:p(95)<500` and the like into thresholds by metric. Throws a UserError that lists all syntax errors.
 */
export function readSlos(texts: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const problems: string[] = [];
  if (texts.length === 0) problems.push('is required: name at least one objective');
  const thresholds: Record<string, string[]> = {};
  for (const text of texts) {
    const objective = parseObjective(text);
    if (typeof objective === 'string') problems.push(objective);
    else thresholds[objective.metric] = [...(thresholds[objective.metric] ?? []), objective.source];
  }
  if (problems.length === 0) return thresholds;
  throw configError(
    '--slo',
    problems.join('\n'),
    "for example --slo 'llm_ttft:p(95)<500' --slo 'llm_failed:rate<0.01'",
  );
}

/**
 * Objectives that a run missed; its thresholds are the objectives. One without samples is missed, since nothing was
 * served; dropped arrivals mean that the load was less than planned; sessions that were cut off count by their age.
 */
export function missesOf({ thresholds, metrics }: Pick<Summary, 'thresholds' | 'metrics'>): readonly Miss[] {
  const misses = thresholds.flatMap(({ metric, source, observed: ended, ok }): Miss[] => {
    const condition = parseCondition(source);
    const limit = condition?.limit;
    const least = leastDuration(metrics, metric, condition ?? {});
    if (ok && ended !== undefined && (least?.observed ?? 0) <= (limit ?? 0)) return [];
    const observed = least?.observed ?? ended;
    const beyond = observed === undefined || !limit ? undefined : Math.abs(observed / limit - 1);
    return [{ text: `${metric} ${source}`, metric, source, observed, beyond, ...(least && { cutOff: least.cutOff }) }];
  });
  const dropped = metrics.dropped_iterations?.values.count ?? 0;
  const share = dropped / Math.max(1, dropped + (metrics.iterations?.values.count ?? 0));
  if (share <= MOST_DROPPED) return misses;
  const [metric, source] = ['dropped_iterations', `share<=${MOST_DROPPED}`];
  return [
    ...misses,
    { text: `${metric} ${source}`, metric, source, observed: share, beyond: share / MOST_DROPPED - 1 },
  ];
}
