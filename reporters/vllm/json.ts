import type { LogRecord } from '../../engine/metrics/log-record.js';
import type { Summary, Values } from '../../engine/metrics/snapshot.js';
import { exactStatistics, type VllmDetails, vllmDetails } from './details.js';
import { perSecond, type VllmFigures, vllmFigures } from './figures.js';

/**
 * File of `vllm bench serve --save-result`. Labels of the run appear as with `--metadata`. Records of all requests add
 * the content of `--save-detailed`, and exact percentiles.
 */
export function vllmJson(summary: Summary, records?: readonly LogRecord[]): string {
  const figures = vllmFigures(summary);
  const { seconds, completed, failed, inputTokens, outputTokens, good, plannedRate, plannedConcurrency } = figures;
  const speed = (amount: number) => perSecond(amount, figures);
  const result = {
    ...summary.run.labels,
    date: stamp(summary.run.startedAt),
    endpoint_type: 'tokenswarm',
    backend: 'tokenswarm',
    label: null,
    model_id: summary.target?.model ?? null,
    // Tokens are counted by the server.
    tokenizer_id: null,
    num_prompts: completed + failed,
    request_rate: plannedRate ?? 'inf',
    burstiness: burstinessOf(summary),
    max_concurrency: plannedConcurrency ?? null,
    duration: seconds,
    completed,
    failed,
    total_input_tokens: inputTokens,
    total_output_tokens: outputTokens,
    request_throughput: speed(completed),
    request_goodput: good === undefined ? null : speed(good),
    output_throughput: speed(outputTokens),
    total_token_throughput: speed(inputTokens + outputTokens),
    max_output_tokens_per_s: figures.peakTokenRate,
    max_concurrent_requests: figures.peakConcurrency,
    ...latencies(figures, summary, records && vllmDetails(records)),
  };
  return `${JSON.stringify(result, null, 4)}\n`;
}

/** Latencies, with a field of our own that gives the source of percentiles. */
function latencies(figures: VllmFigures, { histograms }: Summary, details: VllmDetails | undefined) {
  // An incomplete log still gives details, but not percentiles.
  const isWhole = details?.count === figures.completed + figures.failed;
  const all = figures.latencies.map(({ latency: { key }, values }) => {
    const samples = isWhole ? details.samples[key] : [];
    return statistics(key, samples.length > 0 ? exactStatistics(samples) : values);
  });
  return {
    ...Object.assign({}, ...all),
    percentile_source: isWhole ? 'samples' : 'histogram',
    percentile_relative_error: isWhole ? 0 : histograms.relativeError,
    ...details?.arrays,
  };
}

function statistics(key: string, values: Values): Record<string, number | undefined> {
  return {
    [`mean_${key}_ms`]: values.avg,
    [`median_${key}_ms`]: values.med,
    [`std_${key}_ms`]: values.stddev,
    [`p50_${key}_ms`]: values.med,
    [`p90_${key}_ms`]: values['p(90)'],
    [`p95_${key}_ms`]: values['p(95)'],
    [`p99_${key}_ms`]: values['p(99)'],
  };
}

/** vLLM's shape parameter of arrival gaps: 1 is Poisson. Null for even gaps, or several scenarios. */
function burstinessOf({ plan }: Summary): number | null {
  const [arrivals, ...others] = new Set(plan.scenarios.map(({ options }) => shapeOf(options.arrivals)));
  return others.length > 0 ? null : (arrivals ?? null);
}

function shapeOf(arrivals: unknown): number | undefined {
  if (arrivals === 'poisson') return 1;
  return arrivals && typeof arrivals === 'object' && 'gamma' in arrivals ? Number(arrivals.gamma) : undefined;
}

/** `20260821-140159`, in UTC. */
function stamp(instant: string): string {
  return instant.slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
}
