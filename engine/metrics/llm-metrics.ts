import type { FlowName } from './flow-metrics.js';
import { type BuiltInMetric, counter, gauge, rate, tally, time } from './metric-info.js';

/** Metric derived from flows: the weighted sum of their rates a second. */
const derived = <const Weights extends Readonly<Partial<Record<FlowName, number>>>>(weights: Weights) =>
  ({ ...gauge, derived: weights }) as const;

/** Metrics of LLM requests. */
export const llmMetrics = {
  llm_ttft: {
    ...time,
    figure: 'ttft',
    label: 'TTFT',
    title: 'Time to first token',
    definition: 'firstTokenAt − sentAt',
    shown: { latency: 'sent', byName: true, requestLog: true },
  },
  llm_ttft_chunk: {
    ...time,
    figure: 'ttftChunk',
    label: '1st chunk',
    title: 'Time to first chunk',
    definition: "firstChunkAt − sentAt; compare it with vLLM's benchmark before 0.33 and its Rust client",
  },
  llm_ttft_answer: {
    ...time,
    figure: 'ttftAnswer',
    label: 'TTFT answer',
    definition: 'firstAnswerAt − sentAt: differs for reasoning models; reports then show it beside TTFT',
    shown: { latency: 'sent', unlike: 'llm_ttft' },
  },
  llm_tpot: {
    ...time,
    figure: 'tpot',
    label: 'TPOT',
    title: 'Time per output token',
    definition: '(lastTokenAt − firstTokenAt) / (n − n₁), where n > n₁',
    shown: { latency: 'sent', requestLog: true },
  },
  llm_tpot_chunk: {
    ...time,
    figure: 'tpotChunk',
    label: 'chunk TPOT',
    definition: "(lastTokenAt − firstChunkAt) / (output tokens − 1): what vLLM's benchmark calls TPOT",
  },
  llm_itl: {
    ...time,
    label: 'ITL',
    title: 'Inter-token latency',
    definition: 'gap between reads that brought output / tokens of the later read, recorded once per token',
    shown: { latency: 'sent' },
  },
  llm_chunk_gap: {
    ...time,
    label: 'chunk gap',
    title: 'Chunk gap',
    definition: "gap between output events, undivided, recorded once per event: what vLLM's benchmark calls ITL",
  },
  llm_e2e: {
    ...time,
    figure: 'e2e',
    label: 'E2E',
    title: 'End-to-end latency',
    definition: 'lastTokenAt − sentAt; endedAt − sentAt for an answer in one piece',
    shown: { latency: 'sent', byName: true, requestLog: true },
  },
  llm_ttft_scheduled: {
    ...time,
    figure: 'ttftScheduled',
    label: 'TTFT from schedule',
    short: 'TTFT',
    definition: 'firstTokenAt − scheduledAt: free of coordinated omission',
    shown: { latency: 'scheduled' },
  },
  llm_e2e_scheduled: {
    ...time,
    figure: 'e2eScheduled',
    label: 'E2E from schedule',
    short: 'E2E',
    definition: 'llm_e2e measured from scheduledAt: free of coordinated omission',
    shown: { latency: 'scheduled' },
  },
  llm_queue: {
    ...time,
    figure: 'queue',
    definition: "sentAt − scheduledAt: the generator's own delay, in open scenarios since the iteration was due",
  },
  llm_user_tokens_per_second: {
    kind: 'trend',
    contains: 'default',
    figure: 'tokensPerSecond',
    definition: '1000 / tpot: the speed that one user sees',
  },
  llm_output_tokens_per_second: {
    ...derived({ flow_output_tokens: 1 }),
    label: 'output tokens/s',
    short: 'tokens/s',
    definition: 'tokens that arrived in the window / its length',
    shown: { brief: ['value'], full: ['value'] },
  },
  llm_total_tokens_per_second: {
    ...derived({ flow_output_tokens: 1, flow_input_tokens: 1 }),
    label: 'total tokens/s',
    definition: 'the same plus the input tokens of requests that ended in the window',
    shown: { full: ['value'] },
  },
  llm_output_characters_per_second: {
    ...derived({ flow_output_characters: 1 }),
    label: 'output characters/s',
    short: 'characters/s',
    definition: 'characters that arrived in the window / its length: use it to compare [different models](tokens.md)',
    shown: { full: ['value'] },
  },
  llm_requests_per_second: {
    ...derived({ flow_requests: 1 }),
    label: 'requests/s',
    definition: 'successful requests that ended in the window / its length',
    shown: { brief: ['value'], full: ['value'] },
  },
  llm_requests_per_minute: {
    ...derived({ flow_requests: 60 }),
    label: 'requests/min',
    definition: 'the same per minute',
    shown: { full: ['value'] },
  },
  llm_concurrency: {
    ...derived({ flow_in_flight_ms: 1 / 1000 }),
    definition: 'time in flight of all requests in the window / its length: the mean number in flight',
  },
  llm_requests: {
    ...counter,
    label: 'LLM requests',
    short: 'requests',
    definition: 'requests that ended, successful and failed',
    shown: { brief: ['count'], full: ['count'] },
  },
  llm_failed: {
    ...rate,
    label: 'LLM requests failed',
    short: 'failed',
    definition: 'share of requests that failed',
    shown: { brief: ['rate'], full: ['passes'] },
  },
  llm_good: {
    ...rate,
    label: 'goodput',
    definition: 'share of all requests with an SLO, failed ones included, that met it: goodput',
    shown: { brief: ['rate'], full: ['rate'] },
  },
  llm_input_tokens: {
    ...tally,
    figure: 'inputTokens',
    label: 'input tokens',
    definition:
      "the server's `usage`; no sample without one. `count` and `rate` are of all tokens; `avg`, `p(95)`, … are per request",
    shown: { full: ['avg'] },
  },
  llm_output_tokens: {
    ...tally,
    label: 'output tokens',
    definition:
      "the server's `usage`, else the model's tokenizer, else the number of events; the summary says which. Values as for `llm_input_tokens`",
    shown: { full: ['avg'] },
  },
  llm_censored: { ...counter, definition: 'requests that were in flight when the run ended' },
  llm_without_output: {
    ...counter,
    definition: 'successful requests without output: the end-of-sequence token came first, or all tokens are hidden',
  },
  llm_reconnects: {
    ...counter,
    definition: 'reused sockets that were dead; the request was sent again on a new one',
  },
} as const satisfies Readonly<Record<string, BuiltInMetric>>;
