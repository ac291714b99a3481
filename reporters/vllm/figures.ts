import type { Summary, Values } from '../../engine/metrics/snapshot.js';
import type { VllmClient } from './details.js';

/** Latencies of `vllm bench serve`, with its names for them. */
const LATENCIES = [
  { key: 'ttft', short: 'TTFT', title: 'Time to First Token', metric: { python: 'llm_ttft', rust: 'llm_ttft_chunk' } },
  {
    key: 'tpot',
    short: 'TPOT',
    title: 'Time per Output Token (excl. 1st token)',
    metric: { python: 'llm_tpot', rust: 'llm_tpot_chunk' },
  },
  {
    key: 'itl',
    short: 'ITL',
    title: 'Inter-token Latency',
    metric: { python: 'llm_chunk_gap', rust: 'llm_chunk_gap' },
  },
  { key: 'e2el', short: 'E2EL', title: 'End-to-end Latency', metric: { python: 'llm_e2e', rust: 'llm_e2e' } },
] as const;

/** One latency over the whole run. */
export interface VllmLatency {
  readonly latency: (typeof LATENCIES)[number];
  readonly values: Values;
}

/** Figures of a whole run as `vllm bench serve` counts them. Tokens and latencies of successful requests. */
export interface VllmFigures {
  readonly seconds: number;
  readonly completed: number;
  readonly failed: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Requests that met every SLO; undefined without SLOs. */
  readonly good: number | undefined;
  /** Peak tokens per second, over one second or a longer interval. */
  readonly peakTokenRate: number;
  readonly peakConcurrency: number;
  /** Highest planned rate, in iterations a second; undefined without an arrival rate. */
  readonly plannedRate: number | undefined;
  /** Most planned users; undefined where only a rate was planned. */
  readonly plannedConcurrency: number | undefined;
  /** Latencies with samples. */
  readonly latencies: readonly VllmLatency[];
}

/** Figures of a run as vLLM's benchmark counts them. */
export function vllmFigures(
  { run, metrics, requests, intervals, plan }: Summary,
  client: VllmClient = 'python',
): VllmFigures {
  const whole = (name: string): Values => metrics[name]?.windows.whole ?? {};
  const { passes: failed = 0, fails: completed = 0 } = whole('llm_failed');
  const rate = Math.max(0, ...intervals.map(({ planned }) => planned.rate));
  return {
    seconds: run.seconds,
    completed,
    failed,
    inputTokens: whole('llm_input_tokens').count ?? 0,
    outputTokens: whole('llm_output_tokens').count ?? 0,
    good: whole('llm_good').passes,
    peakTokenRate: Math.max(0, ...intervals.map(({ outputTokens, seconds }) => outputTokens / seconds)),
    peakConcurrency: requests.concurrency.peakAtMost,
    plannedRate: rate > 0 ? rate : undefined,
    plannedConcurrency: rate > 0 ? undefined : plan.maxVus,
    latencies: LATENCIES.flatMap((latency) => {
      const values = metrics[latency.metric[client]]?.windows.whole;
      return values ? [{ latency, values }] : [];
    }),
  };
}

/** Amount per second of the run. */
export function perSecond(amount: number, { seconds }: VllmFigures): number {
  return seconds > 0 ? amount / seconds : 0;
}
