import type { SessionRecord } from '../../metrics/session-record.js';
import type { Quality, Summary } from '../../metrics/snapshot.js';

/** Figures of a run used per level, by name. Metric and value key. */
const FIGURES = {
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
} as const satisfies FigureTable;

/** Figures of runs with sessions. */
const SESSION_FIGURES = {
  sessionsPerHour: ['llm_sessions_per_hour', 'value'],
  sessionP50: ['llm_session_duration', 'med'],
  sessionP95: ['llm_session_duration', 'p(95)'],
  sessionGood: ['llm_session_good', 'rate'],
  sessionFailed: ['llm_session_failed', 'rate'],
  cacheHit: ['llm_cache_hit', 'rate'],
} as const satisfies FigureTable;

type FigureTable = Readonly<Record<string, readonly [metric: string, key: string]>>;

type SessionFigureName = keyof typeof SESSION_FIGURES | 'costPerSession';
export type FigureName = keyof typeof FIGURES | SessionFigureName;

/** Names of the figures of sessions. The cost is in the currency of the label `price`. */
export const SESSION_FIGURE_NAMES = [
  ...(Object.keys(SESSION_FIGURES) as (keyof typeof SESSION_FIGURES)[]),
  'costPerSession',
] as const satisfies readonly FigureName[];

/** Names of all figures. */
export const FIGURE_NAMES: readonly FigureName[] = [
  ...(Object.keys(FIGURES) as (keyof typeof FIGURES)[]),
  ...SESSION_FIGURE_NAMES,
];

/** Times in milliseconds, shares from 0 to 1; absent without samples. */
export type Figures = Readonly<Partial<Record<FigureName, number>>>;

/** Result of one run of a level. */
export interface LevelRun {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
  readonly repeat: number;
  readonly startedAt: string;
  /** Most users; for open loads, the most allowed. */
  readonly users: number;
  readonly figures: Figures;
  /** Window of the figures. */
  readonly window: 'steady' | 'whole';
  readonly requests: number;
  readonly verdict: Quality['verdict'];
  readonly reasons: readonly string[];
  readonly simulated: boolean;
  readonly model: string | null;
  /** Share of the prompts' tokens in the server's prefix cache. Absent where it is not reported. */
  readonly prefixHitRate?: number;
  /** True for prompts of data sets without salts. Runs with the same seed send the same. */
  readonly samePrompts?: boolean;
  readonly exitCode: number;
  /** Sessions that ended and that the end of the load cut off. Absent without sessions. */
  readonly sessions?: Pick<SessionRecord, 'ended' | 'unfinished' | 'oldest'>;
  /** Failed thresholds, with the observed values. */
  readonly crossed: readonly { readonly text: string; readonly observed?: number }[];
  /** Reason it ended before its plan did. */
  readonly cutShort?: string;
}

/** All runs with equal values, as one row. */
export interface Level {
  readonly values: Readonly<Record<string, string>>;
  /** Value on the axis as a number. Undefined if it is not one. */
  readonly at: number | undefined;
  readonly runs: readonly LevelRun[];
  /** Median and range of each figure over the runs. */
  readonly median: Figures;
  readonly least: Figures;
  readonly most: Figures;
}

/** Extracts the result of a level's run from its record. */
export function levelRun(name: string, values: LevelRun['values'], repeat: number, record: Summary): LevelRun {
  const { run, plan, metrics, windows, quality, target, thresholds, datasets = [], sessions } = record;
  const { prefixHitRate } = record.server ?? {};
  const { passes = 0, fails = 0 } = metrics.llm_failed?.values ?? {};
  return {
    name,
    values,
    repeat,
    startedAt: run.startedAt,
    users: plan.maxVus,
    figures: figuresOf(record),
    window: windows.headline,
    requests: passes + fails,
    verdict: quality.verdict,
    reasons: quality.reasons,
    simulated: target?.simulated ?? false,
    model: target?.model ?? null,
    ...(typeof prefixHitRate === 'number' && { prefixHitRate }),
    ...(datasets.some(({ salted }) => !salted) && { samePrompts: true }),
    ...(sessions && { sessions: pickCounts(sessions) }),
    exitCode: run.exitCode,
    crossed: thresholds.flatMap(({ metric, source, observed, ok }) => {
      return ok ? [] : [{ text: `${metric} ${source}`, ...(observed !== undefined && { observed }) }];
    }),
    ...(run.outcome !== 'completed' && { cutShort: run.reason ?? run.outcome }),
  };
}

function pickCounts({ ended, unfinished, oldest }: SessionRecord): NonNullable<LevelRun['sessions']> {
  return { ended, unfinished, ...(oldest !== undefined && { oldest }) };
}

function figuresOf({ metrics, sessions }: Summary): Figures {
  const { costPerSession } = sessions ?? {};
  const found = Object.entries({ ...FIGURES, ...(sessions && SESSION_FIGURES) }).flatMap(([figure, [metric, key]]) => {
    const value = metrics[metric]?.values[key];
    return value === undefined ? [] : [[figure, value] as const];
  });
  return { ...Object.fromEntries(found), ...(costPerSession !== undefined && { costPerSession }) };
}

/**
 * True if the plan's end or a threshold ended the run. Interrupted runs, and runs that lost part of their load, must be
 * repeated.
 */
export function isFinished({ run }: Pick<Summary, 'run'>): boolean {
  const ended = run.outcome === 'completed' || (run.outcome === 'aborted' && run.exitCode === CROSSED);
  return ended && run.missing.length === 0;
}

/** Exit code of runs with failed thresholds. */
const CROSSED = 99;
