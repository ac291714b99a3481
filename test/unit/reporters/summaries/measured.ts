import type { MetricSummary, Summary } from '../../../../engine/metrics/snapshot.js';
import { healthy } from './healthy.js';

/** A latency whose steady state differs from its whole run. Reports in vLLM's form show the whole run. */
function latency(avg: number): MetricSummary {
  const whole = { count: 2216, avg, med: avg, stddev: 1.5, 'p(90)': avg * 2, 'p(95)': avg * 3, 'p(99)': avg * 4 };
  return { ...healthy.metrics.llm_ttft!, windows: { whole, steady: { count: 1 } } };
}

/** The healthy run with latencies by vLLM's rules. */
export const measured: Summary = {
  ...healthy,
  metrics: {
    ...healthy.metrics,
    llm_ttft: latency(59.125),
    llm_tpot: latency(9.9),
    llm_ttft_chunk: latency(49.5),
    llm_tpot_chunk: latency(11.5),
    llm_chunk_gap: latency(9.8),
    llm_e2e: latency(1312.7),
  },
};
