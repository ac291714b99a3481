import type { Summary } from '../metrics/snapshot.js';

/** Fields of a run's record used to compare settings. */
export type RunRecord = Pick<
  Summary,
  'run' | 'target' | 'server' | 'plan' | 'windows' | 'metrics' | 'requests' | 'quality' | 'intervals' | 'datasets'
>;

/** Record of a run, and its file. */
export interface RecordedRun {
  readonly file: string;
  readonly record: RunRecord;
}

/** File or run that was left out, and the reason. */
export interface LeftOut {
  readonly file: string;
  readonly why: string;
}

/** Load of a run: concurrent users, or arrivals per second. */
export interface Level {
  readonly kind: 'users' | 'rate';
  readonly value: number;
}

/**
 * Level of a run: the most users of its plan. For arrivals only, their highest rate; for traces, whose rate varies, the
 * mean.
 */
export function levelOf({ plan, intervals }: Pick<RunRecord, 'plan' | 'intervals'>): Level {
  const executors = plan.scenarios.map(({ executor }) => executor);
  const isOpen = plan.scenarios.length > 0 && plan.scenarios.every(({ kind }) => kind === 'open');
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

/** Reason a run's figures are unfit for decisions. Undefined if they are fit. */
export function unfitness({ run, quality, metrics }: RunRecord): string | undefined {
  if (run.outcome !== 'completed') {
    const why = run.reason === undefined ? '' : `: ${run.reason}`;
    return `the run was ${run.outcome}${why}`;
  }
  if (!metrics.llm_requests && !metrics.llm_failed) return 'no LLM request ended in it';
  if (quality.verdict === 'invalid') return `its numbers are invalid: ${quality.reasons.join('; ')}`;
  return undefined;
}

/** True for runs against the simulator. */
export function isSimulated({ target }: RunRecord): boolean {
  return target?.simulated === true;
}
