import type { Quality, Summary } from '../../metrics/snapshot.js';

/** The figures of a run that are held against its level, by name: the metric, and the key of its value. */
export const FIGURES = {
  outputTokensPerSecond: ['llm_output_tokens_per_second', 'value'],
  totalTokensPerSecond: ['llm_total_tokens_per_second', 'value'],
  requestsPerMinute: ['llm_requests_per_minute', 'value'],
  concurrency: ['llm_concurrency', 'value'],
  ttftP50: ['llm_ttft', 'med'],
  ttftP95: ['llm_ttft', 'p(95)'],
  ttftP99: ['llm_ttft', 'p(99)'],
  tpotP50: ['llm_tpot', 'med'],
  tpotP95: ['llm_tpot', 'p(95)'],
  tpotP99: ['llm_tpot', 'p(99)'],
  e2eP50: ['llm_e2e', 'med'],
  e2eP95: ['llm_e2e', 'p(95)'],
  e2eP99: ['llm_e2e', 'p(99)'],
  failed: ['llm_failed', 'rate'],
} as const satisfies Readonly<Record<string, readonly [metric: string, key: string]>>;

export type FigureName = keyof typeof FIGURES;

/** Latencies in milliseconds, `failed` from 0 to 1; what had no sample is absent. */
export type Figures = Readonly<Partial<Record<FigureName, number>>>;

/** What a run of a level came to. */
export interface LevelRun {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
  readonly repeat: number;
  readonly startedAt: string;
  /** Users at the most, of open loads the most that there may be. */
  readonly users: number;
  readonly figures: Figures;
  /** Which part of the run the figures are of. */
  readonly window: 'steady' | 'whole';
  readonly requests: number;
  readonly verdict: Quality['verdict'];
  readonly reasons: readonly string[];
  readonly simulated: boolean;
  readonly model: string | null;
  readonly exitCode: number;
  /** Thresholds that did not hold, with what was observed. */
  readonly crossed: readonly { readonly text: string; readonly observed?: number }[];
  /** Why it ended before its plan did. */
  readonly cutShort?: string;
}

/** All runs with the same values, as one row. */
export interface Level {
  readonly values: Readonly<Record<string, string>>;
  /** The value on the axis as a number; undefined where it is none. */
  readonly at: number | undefined;
  readonly runs: readonly LevelRun[];
  /** Of each figure over the runs: the middle, and how far they were apart. */
  readonly median: Figures;
  readonly least: Figures;
  readonly most: Figures;
}

/** Reads from the record of a run what its level is judged by. */
export function levelRun(name: string, values: LevelRun['values'], repeat: number, record: Summary): LevelRun {
  const { run, plan, metrics, windows, quality, target, thresholds } = record;
  const figures = Object.entries(FIGURES).flatMap(([figure, [metric, key]]) => {
    const value = metrics[metric]?.values[key];
    return value === undefined ? [] : [[figure, value] as const];
  });
  const { passes = 0, fails = 0 } = metrics.llm_failed?.values ?? {};
  return {
    name,
    values,
    repeat,
    startedAt: run.startedAt,
    users: plan.maxVus,
    figures: Object.fromEntries(figures),
    window: windows.headline,
    requests: passes + fails,
    verdict: quality.verdict,
    reasons: quality.reasons,
    simulated: target?.simulated ?? false,
    model: target?.model ?? null,
    exitCode: run.exitCode,
    crossed: thresholds.flatMap(({ metric, source, observed, ok }) => {
      return ok ? [] : [{ text: `${metric} ${source}`, ...(observed !== undefined && { observed }) }];
    }),
    ...(run.outcome !== 'completed' && { cutShort: run.reason ?? run.outcome }),
  };
}

/**
 * Whether the record of a run tells all that the run had to tell: it came to the end of its plan, or a threshold ended it.
 * One that was interrupted, or lost a part of its load, has to be run again.
 */
export function isFinished({ run }: Pick<Summary, 'run'>): boolean {
  const ended = run.outcome === 'completed' || (run.outcome === 'aborted' && run.exitCode === CROSSED);
  return ended && run.missing.length === 0;
}

/** The exit code of runs whose thresholds were crossed. */
const CROSSED = 99;
