import type { Summary, Values } from '../../engine/metrics/snapshot.js';
import type { VllmFigures } from './figures.js';

/** Steady state in the form of vLLM's Rust client; null without one. Requests belong to it that started in it. */
export function steadyState({ windows, metrics }: Summary, figures: VllmFigures): object | null {
  const { steady } = windows;
  if (!steady) return null;
  const of = (name: string): Values => metrics[name]?.windows.steady ?? {};
  const { passes: failed = 0, fails: completed = 0 } = of('llm_failed');
  const rate = (name: string) => of(name).value ?? 0;
  const [output, total] = [rate('llm_output_tokens_per_second'), rate('llm_total_tokens_per_second')];
  const [ttft, tpot] = [of('llm_ttft_chunk'), of('llm_tpot_chunk')];
  return {
    window: {
      start_s: steady.from,
      end_s: steady.to,
      duration_s: steady.to - steady.from,
      target_concurrency: figures.plannedConcurrency ?? null,
      // Ours is by plan, not by what was in flight.
      threshold: null,
      threshold_abs: null,
      observed_peak: figures.peakConcurrency,
      requests_started_in_window: completed + failed,
      requests_completed_in_window: completed,
      requests_total: figures.completed + figures.failed,
      warning: null,
    },
    request_throughput: rate('llm_requests_per_second'),
    input_throughput: Math.max(0, total - output),
    output_throughput: output,
    total_token_throughput: total,
    mean_ttft_ms: ttft.avg,
    median_ttft_ms: ttft.med,
    percentiles_ttft_ms: [50, 90, 95, 99].map((percent) => [percent, ttft[percent === 50 ? 'med' : `p(${percent})`]]),
    mean_tpot_ms: tpot.avg,
    median_tpot_ms: tpot.med,
    p90_tpot_ms: tpot['p(90)'],
    p99_tpot_ms: tpot['p(99)'],
  };
}
