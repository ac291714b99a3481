import type { Summary } from '../engine/metrics/snapshot.js';

/** Latency that reports show as a row. */
export interface LatencyRow {
  readonly label: string;
  readonly metric: string;
}

/** Latencies since sending that a run has rows of, in order. */
export function latenciesOf({ metrics }: Pick<Summary, 'metrics'>): readonly LatencyRow[] {
  const ttft = metrics.llm_ttft?.values.avg;
  const answer = metrics.llm_ttft_answer?.values.avg;
  // Without reasoning both are at one instant, but for what rounding does to a mean.
  const reasoned = ttft !== undefined && answer !== undefined && Math.abs(answer - ttft) > 1e-9 * ttft;
  return [
    { label: 'TTFT', metric: 'llm_ttft' },
    ...(reasoned ? [{ label: 'TTFT answer', metric: 'llm_ttft_answer' }] : []),
    { label: 'TPOT', metric: 'llm_tpot' },
    { label: 'ITL', metric: 'llm_itl' },
    { label: 'E2E', metric: 'llm_e2e' },
  ];
}

/** Latencies since the iteration was due, of runs with an open scenario. */
export function latenciesFromSchedule({ plan }: Pick<Summary, 'plan'>): readonly LatencyRow[] {
  if (!plan.scenarios.some(({ kind }) => kind === 'open')) return [];
  return [
    { label: 'TTFT', metric: 'llm_ttft_scheduled' },
    { label: 'E2E', metric: 'llm_e2e_scheduled' },
  ];
}
