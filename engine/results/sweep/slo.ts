import { ExitCode, UserError } from '../../errors.js';
import type { Summary } from '../../metrics/snapshot.js';
import { parseCondition, parseObjective } from '../../metrics/thresholds.js';

/** A part of a service-level objective that a run did not meet. */
export interface Miss {
  /** `llm_ttft p(95)<500` */
  readonly text: string;
  readonly metric: string;
  readonly source: string;
  /** In the metric's unit; undefined where there was no sample. */
  readonly observed: number | undefined;
  /** How far beyond its limit it was, as a share of that; undefined where that is nothing or nothing was seen. */
  readonly beyond: number | undefined;
}

/** More of the arrivals than this share may not be dropped, or the rate was not carried. */
const MOST_DROPPED = 0.01;

/** Reads `llm_ttft:p(95)<500` and the like as thresholds by metric; throws a UserError with all that cannot be read. */
export function readSlos(texts: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const problems: string[] = [];
  if (texts.length === 0) problems.push('is required: what has to hold?');
  const thresholds: Record<string, string[]> = {};
  for (const text of texts) {
    const objective = parseObjective(text);
    if (typeof objective === 'string') problems.push(objective);
    else thresholds[objective.metric] = [...(thresholds[objective.metric] ?? []), objective.source];
  }
  if (problems.length === 0) return thresholds;
  throw new UserError(problems.join('\n'), {
    where: '--slo',
    hint: "for example --slo 'llm_ttft:p(95)<500' --slo 'llm_failed:rate<0.01'",
    exitCode: ExitCode.invalidConfig,
  });
}

/**
 * What a run, whose thresholds are the objectives, did not meet. An objective without a sample is not met, for nothing was
 * served; and where arrivals were dropped, the load was less than the one that was asked for.
 */
export function missesOf({ thresholds, metrics }: Pick<Summary, 'thresholds' | 'metrics'>): readonly Miss[] {
  const misses = thresholds.flatMap(({ metric, source, observed, ok }): Miss[] => {
    if (ok && observed !== undefined) return [];
    const limit = parseCondition(source)?.limit;
    const beyond = observed === undefined || !limit ? undefined : Math.abs(observed / limit - 1);
    return [{ text: `${metric} ${source}`, metric, source, observed, beyond }];
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
