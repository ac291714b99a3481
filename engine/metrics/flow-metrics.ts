import { counter, gauge } from './metric-info.js';

const flow = { ...counter, hidden: true } as const;

/** Counters that others are derived from. A flow counts in the window of its arrival, not of its request's start. */
export const flowMetrics = {
  flow_output_tokens: flow,
  flow_output_characters: flow,
  flow_input_tokens: flow,
  flow_requests: flow,
  flow_in_flight_ms: flow,
  // Sessions that have begun, and those that ended well.
  flow_session_starts: flow,
  flow_live_sessions: flow,
  flow_sessions: flow,
  // Requests by the source of their output tokens: the server's usage, the tokenizer, or events.
  flow_counted_by_usage: flow,
  flow_counted_by_tokenizer: flow,
  flow_counted_by_events: flow,
  flow_simulated: flow,
  // Requests whose reported token counts are impossible and were ignored.
  flow_disbelieved: flow,
  flow_disbelieved_input: flow,
  // Streamed answers, those of them that came in one piece, and those that were held back for certain.
  flow_streams: flow,
  flow_one_piece: flow,
  flow_held_back: flow,
  // Those of the last that the tokenizer had no time for, and answers that both the server and the tokenizer counted.
  flow_uncounted: flow,
  flow_checked_answers: flow,
  flow_checked_usage: flow,
  flow_checked_tokens: flow,
  // Arrivals of arrival rates, and those started or dropped late.
  flow_arrivals: flow,
  flow_late_arrivals: flow,
  // Scenarios that had made all of their VUs in a worker when an iteration was dropped.
  flow_exhausted: flow,
  // Calls that were pending when their iteration had ended, by function (`call`).
  flow_unawaited: flow,
} as const;

/** Flow whose amount a metric can be derived from. */
export type FlowName = keyof typeof flowMetrics;

/** Metric derived from flows: the weighted sum of their rates a second. */
export const derived = <const Weights extends Readonly<Partial<Record<FlowName, number>>>>(weights: Weights) =>
  ({ ...gauge, derived: weights }) as const;
