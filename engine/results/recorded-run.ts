import { isOpenExecutor } from '../metrics/open-executor.js';
import type { Summary } from '../metrics/snapshot.js';

/** What is read of a run's record to hold it against runs of other settings. */
export type RunRecord = Pick<
  Summary,
  'run' | 'target' | 'server' | 'plan' | 'windows' | 'metrics' | 'requests' | 'quality' | 'intervals'
>;

/** A run's record, and the file it was read from. */
export interface RecordedRun {
  readonly file: string;
  readonly record: RunRecord;
}

/** A file or a run that figures are made without, and why. */
export interface LeftOut {
  readonly file: string;
  readonly why: string;
}

/** How much load a run put on its server: users who wait for their answers, or arrivals a second. */
export interface Level {
  readonly kind: 'users' | 'rate';
  readonly value: number;
}

/**
 * The level of a run: the most users of its plan, or, where nothing but arrivals was asked for, their highest rate; of traces, whose rate
 * is never the same, the mean.
 */
export function levelOf({ plan, intervals }: Pick<RunRecord, 'plan' | 'intervals'>): Level {
  const executors = plan.scenarios.map(({ executor }) => executor);
  const isOpen = plan.scenarios.length > 0 && plan.scenarios.every(isOpenExecutor);
  if (!isOpen) return { kind: 'users', value: plan.maxVus };
  const rates = intervals.flatMap(({ planned }) => (planned.rate > 0 ? [planned.rate] : []));
  if (!executors.includes('trace')) return { kind: 'rate', value: Math.max(0, ...rates) };
  return { kind: 'rate', value: rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length) };
}

/** `64 users`, `2.5 requests/s`. */
export function levelText({ kind, value }: Level): string {
  if (kind === 'users') return `${value} user${value === 1 ? '' : 's'}`;
  return `${Number(value.toPrecision(4))} requests/s`;
}

/** Why a run's figures are no ground for a decision; undefined where they are one. */
export function unfitness({ run, quality, metrics }: RunRecord): string | undefined {
  if (run.outcome !== 'completed') {
    const why = run.reason === undefined ? '' : `: ${run.reason}`;
    return `the run was ${run.outcome}${why}`;
  }
  if (!metrics.llm_requests && !metrics.llm_failed) return 'no LLM request ended in it';
  if (quality.verdict === 'invalid') return `its numbers are invalid: ${quality.reasons.join('; ')}`;
  return undefined;
}

/** Whether a run was against the simulator. */
export function isSimulated({ target }: RunRecord): boolean {
  return target?.simulated === true;
}
