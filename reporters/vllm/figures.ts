import type { Summary, Values } from '../../engine/metrics/snapshot.js';

/** What `vllm bench serve` measures of a request, by its own rules, and what it calls that. */
const LATENCIES = [
  { key: 'ttft', short: 'TTFT', title: 'Time to First Token', metric: 'llm_ttft_chunk' },
  { key: 'tpot', short: 'TPOT', title: 'Time per Output Token (excl. 1st token)', metric: 'llm_tpot_chunk' },
  { key: 'itl', short: 'ITL', title: 'Inter-token Latency', metric: 'llm_chunk_gap' },
  { key: 'e2el', short: 'E2EL', title: 'End-to-end Latency', metric: 'llm_e2e' },
] as const;

/** One of them over the whole run. */
export interface VllmLatency {
  readonly latency: (typeof LATENCIES)[number];
  readonly values: Values;
}

/** A run as `vllm bench serve` counts it: the whole of it, and tokens and latencies of what ended well. */
export interface VllmFigures {
  readonly seconds: number;
  readonly completed: number;
  readonly failed: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Requests that met every SLO; undefined where there was none to meet. */
  readonly good: number | undefined;
  /** The most that came in one second, or in one interval of a long run, a second. */
  readonly peakTokenRate: number;
  readonly peakConcurrency: number;
  /** The highest rate that was planned, in iterations a second; undefined where iterations were not started at a rate. */
  readonly plannedRate: number | undefined;
  /** The most users there were to be; undefined where a rate was all that was asked for. */
  readonly plannedConcurrency: number | undefined;
  /** Those that have a sample. */
  readonly latencies: readonly VllmLatency[];
}

/** Counts a run as vLLM's benchmark does. */
export function vllmFigures({ run, metrics, requests, intervals, plan }: Summary): VllmFigures {
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
      const values = metrics[latency.metric]?.windows.whole;
      return values ? [{ latency, values }] : [];
    }),
  };
}

/** An amount over the length of the run. */
export function perSecond(amount: number, { seconds }: VllmFigures): number {
  return seconds > 0 ? amount / seconds : 0;
}
