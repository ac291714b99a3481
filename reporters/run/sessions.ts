import type { Summary } from '../../engine/metrics/snapshot.js';
import { type Block, figure, type Medium, type Row, type Section, text } from '../document/document.js';
import { count, percent } from '../format.js';
import { isTooFew } from '../sample-size.js';
import { TREND_COLUMNS, trendCells, trendRow } from './latency.js';
import { nameOf } from './metric-rows.js';

const LONG: readonly Medium[] = ['text', 'html', 'markdown'];

/** Times of a session, and the media that show them. */
const TIMES: readonly (readonly [metric: string, only?: readonly Medium[]])[] = [
  ['llm_session_duration'],
  ['llm_session_model'],
  ['llm_session_tools'],
  ['llm_session_thinking'],
  ['llm_session_waiting'],
  ['llm_session_path_model', LONG],
  ['llm_session_path_tools', LONG],
  ['llm_session_path_thinking', LONG],
];

/** Amounts of a session. */
const AMOUNTS = ['llm_session_turns', 'llm_session_agents', 'llm_session_depth'];

/** Sessions: number, times, TTFT by turn and depth, prefix cache. */
export function sessionSection(summary: Summary): Section {
  const { sessions, metrics } = summary;
  if (!sessions) return { title: 'Sessions', blocks: [] };
  const times = TIMES.flatMap(([metric, only]) => {
    const isPart = metric !== 'llm_session_duration' && (metrics[metric]?.values.max ?? 0) === 0;
    return isPart ? [] : trendRow(nameOf(metric), metrics[metric], only);
  });
  const amounts = AMOUNTS.flatMap((metric) => trendRow(nameOf(metric), metrics[metric], LONG));
  const rows = [...times, ...amounts, ...splitRows(summary, 'turn'), ...splitRows(summary, 'depth')];
  return {
    title: 'Sessions',
    blocks: [factTable(summary, sessions), { kind: 'table', isEven: true, columns: TREND_COLUMNS, rows }],
  };
}

type Fact = readonly [label: string, value: string | undefined, note: string | undefined, only?: readonly Medium[]];

function factTable({ metrics }: Summary, sessions: NonNullable<Summary['sessions']>): Block {
  const { started, ended, failed, unfinished, overflows, overflowShare, interactivity, accelerators } = sessions;
  const { rate, passes = 0, fails = 0 } = metrics.llm_session_good?.values ?? {};
  const cut = unfinished > 0 ? `, ${count(unfinished)} cut off by the end of the load` : '';
  const each = (value: number | undefined) => (value === undefined ? undefined : `${count(value)} per accelerator`);
  const of = accelerators === undefined ? '' : ` on ${count(accelerators)} accelerators`;
  const tokens = (metric: string) => metrics[metric]?.values.avg;
  const input = tokens('llm_session_input_tokens');
  const facts: readonly Fact[] = [
    ['sessions', count(ended), `of ${count(started)} begun, ${count(failed)} failed${cut}`],
    ['sessions/hour', count(sessions.perHour), each(sessions.perHourPerAccelerator)],
    [
      'session goodput',
      rate === undefined ? undefined : percent(rate),
      `${count(passes)} of ${count(passes + fails)} met the SLO`,
    ],
    [
      'tokens a session',
      input === undefined ? undefined : `${count(Math.round(input))} in`,
      `${count(Math.round(tokens('llm_session_output_tokens') ?? 0))} out`,
      LONG,
    ],
    ['cost a session', costText(sessions.costPerSession), `at the label price${of}`],
    [
      'interactivity',
      interactivity === undefined ? undefined : `${count(interactivity)} tokens/s`,
      throughputNote(sessions),
      LONG,
    ],
    ...cacheFacts(metrics),
    ['context overflows', overflows > 0 ? count(overflows) : undefined, `${percent(overflowShare)} of the requests`],
  ];
  const rows = facts.flatMap(([label, value, note, only]): Row[] =>
    value ? [{ cells: [label, value, note], only }] : [],
  );
  return { kind: 'table', isDotted: true, columns: [text(''), figure(''), text('')], rows };
}

function costText(cost: number | undefined): string | undefined {
  return cost === undefined ? undefined : count(cost);
}

function throughputNote({ outputTokensPerSecondPerAccelerator: each }: NonNullable<Summary['sessions']>): string {
  const own = '1000 / p90 of ITL';
  return each === undefined ? own : `${own}, at ${count(each)} output tokens/s per accelerator`;
}

/** Prefix cache: what the server hit, beside what an endless cache would. */
function cacheFacts(metrics: Summary['metrics']): readonly Fact[] {
  const hit = metrics.llm_cache_hit?.values.rate;
  const possible = metrics.llm_cache_hit_possible?.values.rate;
  const limit = possible === undefined ? '' : `${percent(possible)} in an endless cache of each session`;
  if (hit !== undefined) return [['prefix cache hits', percent(hit), `of the input tokens, ${limit}`]];
  if (possible === undefined) return [];
  return [['prefix cache hits', 'not reported', `by the server; ${limit}`, LONG]];
}

/** Rows of TTFT by turn or depth, in ascending order. */
function splitRows({ metrics }: Summary, tag: 'turn' | 'depth'): readonly Row[] {
  const metric = metrics[`llm_ttft_by_${tag}`];
  const found = [...(metric?.series ?? [])].sort((a, b) => firstOf(a.tags[tag]) - firstOf(b.tags[tag]));
  const rows = found.flatMap(({ tags, values }): Row[] => {
    const cells = metric ? trendCells(metric, values, (key) => isTooFew(values.count ?? 0, key)) : [];
    const label = tag === 'turn' ? `turn ${tags.turn}` : `${tags.depth} tokens`;
    return cells.length === 0 ? [] : [{ cells: [label, ...cells], only: LONG }];
  });
  const aside = tag === 'turn' ? 'of its agent' : 'of the prompt';
  return rows.length === 0 ? [] : [{ heading: `TTFT by ${tag}`, aside, cells: [], only: LONG }, ...rows];
}

function firstOf(bucket = ''): number {
  return Number.parseInt(bucket, 10);
}
