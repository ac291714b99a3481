/**
 * Recorded sessions of coding agents, replayed by the published rules of AgentX.
 *
 *     tokenswarm run scenarios/agentx.ts --base-url http://127.0.0.1:8000/v1 -e TRACE=/data/cc-traces.jsonl -e LANES=64
 *
 * LANES sessions are at work for DURATION, at least a quarter of an hour. Each lane begins at a random place of its first
 * session, after one turn that is not measured. Gaps count from the end of an answer, and are 10 s at most. A replay of a
 * session has a marker of its own. The summary ends with a verdict: if the run would count, else why not.
 */
import { check, env, type Options, replay, type SummaryData, textSummary } from 'tokenswarm';

const LEAST_SECONDS = 900;
const MOST_OVERFLOWS = 0.01;

export const options = {
  scenarios: {
    agents: {
      executor: 'sessions',
      file: env.text('TRACE', './data/agents.jsonl'),
      vus: env.whole('LANES', 16, { least: 1 }),
      duration: env.duration('DURATION', '30m', { least: '1s' }),
      gapCap: '10s',
      startWithin: [0, 1],
    },
  },
} satisfies Options;

const models = env.text('MODELS', '').split(',').filter(Boolean);

export default async function () {
  await replay({
    ...(models.length > 0 && { models }),
    onTurn: (answer) => check(answer, { answered: (a) => a.ok }),
  });
}

/** Reasons for which a run would not count. */
function objections({ tokenswarm: { run, sessions, failures } }: SummaryData): readonly string[] {
  const share = sessions?.overflowShare ?? 0;
  const others = failures.filter(({ kind }) => kind !== 'cancelled').reduce((sum, { count }) => sum + count, 0);
  const overflows = sessions?.overflows ?? 0;
  return [
    ...(run.outcome === 'completed' ? [] : [`it was ${run.outcome}`]),
    ...(run.seconds >= LEAST_SECONDS - 1
      ? []
      : [`it lasted ${Math.round(run.seconds)} s, ${LEAST_SECONDS} are the least`]),
    ...(share <= MOST_OVERFLOWS
      ? []
      : [`${(100 * share).toFixed(1)} % of the requests overflowed the context, 1 % may`]),
    ...(sessions ? [] : ['no session was played']),
    ...(others > overflows ? [`${others - overflows} requests failed otherwise, which AgentX does not count`] : []),
  ];
}

export function handleSummary(data: SummaryData) {
  const found = objections(data);
  const isOnlyNote = found.every((text) => text.endsWith('does not count'));
  const verdict = isOnlyNote ? '✓ this run would count' : '✗ this run would not count';
  const lines = [`  AgentX: ${verdict}`, ...found.map((text) => `    - ${text}`)];
  return { stdout: `${textSummary(data)}\n${lines.join('\n')}\n` };
}
