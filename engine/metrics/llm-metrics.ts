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
    shown: { requestLog: true },
    definition: 'firstTokenAt − sentAt',
  },
  llm_ttft_chunk: {
    ...time,
    figure: 'ttftChunk',
    definition: "firstChunkAt − sentAt; compare it with vLLM's benchmark before 0.33 and its Rust client",
  },
  llm_ttft_answer: {
    ...time,
    figure: 'ttftAnswer',
    definition: 'firstAnswerAt − sentAt: differs for reasoning models; reports then show it beside TTFT',
  },
  llm_tpot: {
    ...time,
    figure: 'tpot',
    shown: { requestLog: true },
    definition: '(lastTokenAt − firstTokenAt) / (n − n₁), where n > n₁',
  },
  llm_tpot_chunk: {
    ...time,
    figure: 'tpotChunk',
    definition: "(lastTokenAt − firstChunkAt) / (output tokens − 1): what vLLM's benchmark calls TPOT",
  },
  llm_itl: {
    ...time,
    definition: 'gap between reads that brought output / tokens of the later read, recorded once per token',
  },
  llm_chunk_gap: {
    ...time,
    definition: "gap between output events, undivided, recorded once per event: what vLLM's benchmark calls ITL",
  },
  llm_e2e: {
    ...time,
    figure: 'e2e',
    shown: { requestLog: true },
    definition: 'lastTokenAt − sentAt; endedAt − sentAt for an answer in one piece',
  },
  llm_ttft_scheduled: {
    ...time,
    figure: 'ttftScheduled',
    definition: 'firstTokenAt − scheduledAt: free of coordinated omission',
  },
  llm_e2e_scheduled: {
    ...time,
    figure: 'e2eScheduled',
    definition: 'llm_e2e measured from scheduledAt: free of coordinated omission',
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
    definition: 'tokens that arrived in the window / its length',
  },
  llm_total_tokens_per_second: {
    ...derived({ flow_output_tokens: 1, flow_input_tokens: 1 }),
    definition: 'the same plus the input tokens of requests that ended in the window',
  },
  llm_output_characters_per_second: {
    ...derived({ flow_output_characters: 1 }),
    definition: 'characters that arrived in the window / its length: use it to compare [different models](tokens.md)',
  },
  llm_requests_per_second: {
    ...derived({ flow_requests: 1 }),
    definition: 'successful requests that ended in the window / its length',
  },
  llm_requests_per_minute: {
    ...derived({ flow_requests: 60 }),
    definition: 'the same per minute',
  },
  llm_concurrency: {
    ...derived({ flow_in_flight_ms: 1 / 1000 }),
    definition: 'time in flight of all requests in the window / its length: the mean number in flight',
  },
  llm_requests: { ...counter, definition: 'requests that ended, successful and failed' },
  llm_failed: { ...rate, definition: 'share of requests that failed' },
  llm_good: {
    ...rate,
    definition: 'share of all requests with an SLO, failed ones included, that met it: goodput',
  },
  llm_input_tokens: {
    ...tally,
    figure: 'inputTokens',
    definition:
      "the server's `usage`; no sample without one. `count` and `rate` are of all tokens; `avg`, `p(95)`, … are per request",
  },
  llm_output_tokens: {
    ...tally,
    definition:
      "the server's `usage`, else the model's tokenizer, else the number of events; the summary says which. Values as for `llm_input_tokens`",
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
