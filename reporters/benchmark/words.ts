import type { Benchmark, FigureName, SettingReport } from '../../engine/results/group/benchmark.js';
import type { Ranking } from '../../engine/results/group/ranking.js';
import { type Level, levelText } from '../../engine/results/recorded-run.js';
import { amount, count, duration, NO_NUMBER, percent } from '../format.js';

/** Name, unit and direction of a figure in tables and charts. */
export interface FigureForm {
  readonly name: FigureName;
  readonly label: string;
  readonly kind: 'time' | 'count' | 'share';
  /** Better direction of the figure. */
  readonly best: 'low' | 'high';
}

const time = (name: FigureName, label: string): FigureForm => ({ name, label, kind: 'time', best: 'low' });
const flow = (name: FigureName, label: string): FigureForm => ({ name, label, kind: 'count', best: 'high' });

/** Figures in the tables by users and card, in this order. */
export const LOAD_FIGURES: readonly FigureForm[] = [
  flow('llm_output_tokens_per_second:value', 'output tokens/s'),
  flow('llm_total_tokens_per_second:value', 'input and output tokens/s'),
  flow('llm_requests_per_minute:value', 'requests/min'),
  time('llm_ttft:med', 'TTFT p50'),
  time('llm_ttft:p(95)', 'TTFT p95'),
  time('llm_tpot:avg', 'TPOT mean'),
  time('llm_e2e:med', 'E2E p50'),
  time('llm_e2e:p(95)', 'E2E p95'),
  time('llm_e2e:p(99)', 'E2E p99'),
  { name: 'llm_failed:rate', label: 'requests failed', kind: 'share', best: 'low' },
  flow('llm_sessions_per_hour:value', 'sessions/hour'),
  time('llm_session_duration:med', 'session duration p50'),
  time('llm_session_duration:p(95)', 'session duration p95'),
  { name: 'llm_session_good:rate', label: 'sessions within their SLO', kind: 'share', best: 'high' },
  { name: 'llm_cache_hit:rate', label: 'prefix cache hits', kind: 'share', best: 'high' },
];

/** Latencies of one user, in the order of the article's tables. */
export const LATENCIES = [
  ['llm_ttft', 'TTFT', 'time to the first token'],
  ['llm_tpot', 'TPOT', 'time per output token'],
  ['llm_itl', 'ITL', 'gap between tokens'],
  ['llm_e2e', 'E2E', 'end to end'],
] as const;

const SESSION = ['llm_session_duration', 'session duration'] as const;

/** Values shown of each latency. */
export const LATENCY_KEYS = [
  ['avg', 'mean'],
  ['med', 'p50'],
  ['p(95)', 'p95'],
  ['p(99)', 'p99'],
] as const;

/** Figure of a setting as text. */
export function figureText(
  report: SettingReport | undefined,
  { name, kind }: Pick<FigureForm, 'name' | 'kind'>,
): string {
  const value = report?.figures[name]?.value;
  return value === undefined ? NO_NUMBER : written(value, kind);
}

/** Mark of a figure without bounds; undefined if it has some. */
export function figureMark(report: SettingReport | undefined, name: FigureName): string | undefined {
  const figure = report?.figures[name];
  return !figure || figure.bounds || name.endsWith(':rate') ? undefined : '*';
}

/** Meaning of the mark. */
export const UNBOUNDED = 'too few samples for bounds at 99 %: run it for longer';

/** Name of what may be simulated. Where everything on a page is, the page says so once. */
export function shownName({ groups }: Pick<Benchmark, 'groups'>, name: string, simulated: boolean): string {
  if (!simulated || groups.every((group) => group.simulated)) return name;
  return name === '' ? 'simulated' : `${name} (simulated)`;
}

/** Confidence bounds of a figure as text; undefined where unknown. */
export function boundsText(
  report: SettingReport | undefined,
  { name, kind }: Pick<FigureForm, 'name' | 'kind'>,
): string | undefined {
  const figure = report?.figures[name];
  const text = figure?.bounds?.map((bound) => written(bound, kind)).join(' – ');
  return text !== undefined && figure?.asIfIndependent ? `${text}~` : text;
}

/** Number of a kind as text. */
export function written(value: number, kind: FigureForm['kind']): string {
  if (kind === 'time') return duration(value, 'kept');
  return kind === 'share' ? percent(value) : count(rounded(value));
}

/** Number rounded to four digits: more would claim more than was measured. */
function rounded(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
}

/** Report of a group at a level. */
export function reportAt(
  { settings }: Pick<Benchmark, 'settings'>,
  group: SettingReport['group'],
  level: Level,
): SettingReport | undefined {
  return settings.find(
    (report) =>
      report.group === group && report.setting.level.kind === level.kind && report.setting.level.value === level.value,
  );
}

/** Level without its unit, for a column that names the unit. */
export function levelNumber({ value }: Level): string {
  return count(value);
}

/** True for the level of a single user on an idle server. */
export function isOneUser({ kind, value }: Level): boolean {
  return kind === 'users' && value === 1;
}

/** Subject of a ranking: `TTFT, 1 user`. */
export function rankingLabel({ metric, key, level }: Ranking): string {
  const latency = [...LATENCIES, SESSION].find(([name]) => name === metric);
  const flowName = metric === 'llm_sessions_per_hour' ? 'sessions/hour' : 'output tokens/s';
  return `${latency ? `${latency[1]} ${key === 'avg' ? 'mean' : key}` : flowName}, ${levelText(level)}`;
}

/** Ranked at the highest load. */
const AT_HIGHEST = ['llm_output_tokens_per_second', 'llm_e2e', 'llm_sessions_per_hour', 'llm_session_duration'];

/** Rankings of a short report. One user's latencies, and throughput and whole durations at the highest load. */
export function mainRankings(rankings: readonly Ranking[]): readonly Ranking[] {
  const last = rankings.at(-1)?.level;
  return rankings.filter(({ level, metric }) =>
    isOneUser(level)
      ? ['llm_ttft', 'llm_tpot', 'llm_e2e'].includes(metric)
      : level === last && AT_HIGHEST.includes(metric),
  );
}

/** Number of runs behind a benchmark, and their source. */
export function headText({ groups, by }: Benchmark): string {
  const runs = groups.flatMap(({ settings }) => settings.flatMap((setting) => setting.runs)).length;
  return `${amount(runs, 'run')} in ${amount(groups.length, 'group')} by ${by.join(', ')}`;
}

/** Notes needed to read a benchmark. */
export function notesOf({ families, groups, settings, unknown }: Benchmark): readonly string[] {
  const all = families.flatMap(({ rankings }) => rankings);
  const has = (relation: string) => all.some(({ places }) => places.some(({ next }) => next === relation));
  const repeated = groups.flatMap((group) => group.settings.map(({ runs }) => runs.length)).filter((runs) => runs > 1);
  const modelled = settings.some(({ model }) => model !== undefined);
  const merged = settings.some(({ model }) => model && model.tokensPerEvent > 1.1 * model.tokensPerStep);
  const approximate = settings.some(({ figures }) =>
    LATENCIES.some(([metric]) => LATENCY_KEYS.some(([key]) => figures[`${metric}:${key}`]?.asIfIndependent)),
  );
  const isMarked = settings.some((report) =>
    Object.keys(report.figures).some((name) => figureMark(report, name as FigureName) !== undefined),
  );
  return [
    'figures are of the steady state, bounds at 99 % confidence',
    ...(isMarked ? [`* ${UNBOUNDED}`] : []),
    ...(all.length > 0 ? ['A > B: A is better, beyond what chance explains; A ≈ B: a tie within the bounds'] : []),
    ...(has('not judged') ? ['A ? B: not judged: too few samples for bounds, or other requests'] : []),
    ...(repeated.length > 0
      ? [
          `${amount(repeated.length, 'setting')} ran up to ${count(Math.max(...repeated))} times: figures are means, bounds of three runs and more from how the runs differ`,
        ]
      : ['bounds cover variation within runs, not between them: run each setting three times for that (--repeat 3)']),
    ...(approximate ? ['~ bounds assume independent samples, and may be too narrow'] : []),
    ...(modelled
      ? [
          'MBU, model bandwidth utilization: what a step has to read (weights once, keys and values of all sequences) over its time and the peak bandwidth; MFU, model FLOPS utilization: operations for all tokens over the peak; docs/compare.md has the formulas',
        ]
      : []),
    ...(merged ? ['where events have more tokens than the server reports per step, MBU is an upper bound'] : []),
    ...unknown.map((reason) => `no MBU and MFU for ${reason}`),
  ];
}
