/** Aggregation kind of a metric. */
export type MetricKind = 'counter' | 'gauge' | 'rate' | 'trend';

/** Unit of a metric's values: `time` is milliseconds, `data` is bytes. */
export type Contains = 'default' | 'time' | 'data';

/** Static properties of a metric, known before any sample. */
export interface MetricInfo {
  readonly kind: MetricKind;
  readonly contains: Contains;
  /** Counter that keeps percentiles of its single amounts too. */
  readonly tally?: boolean;
  /** Computed on access, from the records of others. */
  readonly derived?: boolean;
  /** Recorded only to derive others; not shown. */
  readonly hidden?: boolean;
}

const trend = { kind: 'trend', contains: 'time' } as const;
const counter = { kind: 'counter', contains: 'default' } as const;
const rate = { kind: 'rate', contains: 'default' } as const;
const gauge = { kind: 'gauge', contains: 'default' } as const;
const data = { kind: 'counter', contains: 'data' } as const;
const tally = { kind: 'trend', contains: 'default', tally: true } as const;
const derived = { kind: 'gauge', contains: 'default', derived: true } as const;
const flow = { kind: 'counter', contains: 'default', hidden: true } as const;

/** Built-in metrics; docs/metrics.md defines each one. */
export const BUILT_IN = {
  llm_ttft: trend,
  llm_ttft_chunk: trend,
  llm_ttft_answer: trend,
  llm_ttft_scheduled: trend,
  llm_tpot: trend,
  llm_tpot_chunk: trend,
  llm_itl: trend,
  llm_chunk_gap: trend,
  llm_e2e: trend,
  llm_e2e_scheduled: trend,
  llm_queue: trend,
  llm_input_tokens: tally,
  llm_output_tokens: tally,
  llm_user_tokens_per_second: { kind: 'trend', contains: 'default' },
  llm_requests: counter,
  llm_failed: rate,
  llm_good: rate,
  llm_censored: counter,
  llm_reconnects: counter,
  llm_without_output: counter,
  llm_output_tokens_per_second: derived,
  llm_total_tokens_per_second: derived,
  llm_output_characters_per_second: derived,
  llm_requests_per_second: derived,
  llm_requests_per_minute: derived,
  llm_concurrency: derived,
  http_reqs: counter,
  http_req_failed: rate,
  http_req_duration: trend,
  http_req_blocked: trend,
  http_req_connecting: trend,
  http_req_tls_handshaking: trend,
  http_req_sending: trend,
  http_req_waiting: trend,
  http_req_receiving: trend,
  http_censored: counter,
  // Flows: counted in the window of their arrival, not of the start of their request.
  flow_output_tokens: flow,
  flow_output_characters: flow,
  flow_input_tokens: flow,
  flow_requests: flow,
  flow_in_flight_ms: flow,
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
  checks: rate,
  group_duration: trend,
  vus: gauge,
  vus_max: gauge,
  iterations: counter,
  iteration_duration: trend,
  iteration_lateness: trend,
  dropped_iterations: counter,
  interrupted_iterations: counter,
  data_sent: data,
  data_received: data,
  generator_loop_delay: trend,
  generator_read_delay: trend,
  generator_gc_pause: trend,
  // Delay of an idle thread: the machine's own noise.
  machine_loop_delay: trend,
  generator_utilization: { kind: 'trend', contains: 'default' },
} as const satisfies Readonly<Record<string, MetricInfo>>;

/** The name of a metric that the engine records by itself. */
export type BuiltInName = keyof typeof BUILT_IN;

/** The rule for names of user metrics, as in k6. */
export const METRIC_NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,127}$/;

/** Looks a metric up among the built-in and then the user's. */
export function findMetric(name: string, custom: Readonly<Record<string, MetricInfo>>): MetricInfo | undefined {
  const builtIn: Readonly<Record<string, MetricInfo>> = BUILT_IN;
  if (Object.hasOwn(builtIn, name)) return builtIn[name];
  return Object.hasOwn(custom, name) ? custom[name] : undefined;
}
