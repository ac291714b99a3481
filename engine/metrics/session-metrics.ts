import { derived } from './flow-metrics.js';
import { type BuiltInMetric, counter, rate, tally, time } from './metric-info.js';

const amount = { kind: 'trend', contains: 'default' } as const;

/** Metrics of sessions and of their turns. */
export const sessionMetrics = {
  llm_sessions: {
    ...counter,
    label: 'sessions',
    definition: 'sessions whose whole tree ended, successful and failed',
  },
  llm_session_failed: {
    ...rate,
    label: 'sessions failed',
    definition: 'share of sessions with a failed turn, or whose function threw an error',
  },
  llm_session_good: {
    ...rate,
    label: 'session goodput',
    definition:
      'share of all sessions with an SLO that met it; those that failed, or were cut off after it had passed, did not',
  },
  llm_session_censored: {
    ...time,
    label: 'age when cut off',
    definition: 'time from the start of a session until the end of the load cut it off: in no duration',
  },
  llm_session_joined: {
    ...counter,
    definition: 'replayed sessions that the load joined in their middle: in no other figure of sessions',
  },
  llm_sessions_per_hour: {
    ...derived({ flow_sessions: 3600 }),
    label: 'sessions/hour',
    definition: 'successful sessions that ended in the window / its length',
  },
  llm_session_duration: {
    ...time,
    label: 'duration',
    definition: 'from the start of a session until its whole tree has ended, background subagents included',
  },
  llm_session_model: {
    ...time,
    label: 'in the model',
    definition: "time in turns of the session's own agent",
  },
  llm_session_tools: { ...time, label: 'in tools', definition: 'its time in tools and in no turn' },
  llm_session_thinking: { ...time, label: 'thinking', definition: 'its think time and nothing else' },
  llm_session_waiting: {
    ...time,
    label: 'waiting for subagents',
    definition: 'its time in nothing else while a subagent was at work',
  },
  llm_session_path_model: {
    ...time,
    label: 'critical path: model',
    definition: 'time in turns along the critical path, through subagents that were waited for',
  },
  llm_session_path_tools: {
    ...time,
    label: 'critical path: tools',
    definition: 'time in tools along the critical path',
  },
  llm_session_path_thinking: {
    ...time,
    label: 'critical path: thinking',
    definition: 'think time along the critical path',
  },
  llm_session_turns: { ...amount, label: 'turns', definition: 'turns of all agents of a session' },
  llm_session_agents: { ...amount, label: 'agents', definition: 'agents of a session: its own and subagents' },
  llm_session_depth: {
    ...amount,
    label: 'deepest context',
    definition: 'tokens of the longest turn of a session, prompt and answer',
  },
  llm_session_input_tokens: {
    ...tally,
    label: 'input tokens of sessions',
    definition: 'input tokens of all turns of a session; values as for `llm_input_tokens`, by session',
  },
  llm_session_output_tokens: {
    ...tally,
    label: 'output tokens of sessions',
    definition: 'output tokens of all turns of a session',
  },
  llm_ttft_by_turn: {
    ...time,
    splitBy: ['turn'],
    definition: "TTFT of sessions' turns, by their number in their agent: tag `turn`, such as `5-8`",
  },
  llm_ttft_by_depth: {
    ...time,
    splitBy: ['depth'],
    definition: "TTFT of sessions' turns, by their input tokens: tag `depth`, such as `32k-64k`; k is 1,024",
  },
  llm_depth: { ...amount, label: 'context', definition: "input tokens of sessions' turns" },
  llm_cache_hit: {
    ...rate,
    label: 'prefix cache hits',
    definition:
      'share of input tokens that the server read from its prefix cache, by its `usage`; requests that say so',
  },
  llm_cache_hit_possible: {
    ...rate,
    label: 'possible hits',
    definition: "share of input tokens of sessions' turns that an endless cache of the same session would have",
  },
  llm_context_overflows: {
    ...counter,
    label: 'context overflows',
    definition: "turns that the server refused as longer than the model's context",
  },
} as const satisfies Readonly<Record<string, BuiltInMetric>>;
