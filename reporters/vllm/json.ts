import type { LogRecord } from '../../engine/metrics/log-record.js';
import type { Summary, Values } from '../../engine/metrics/snapshot.js';
import { exactStatistics, type VllmClient, type VllmDetails, vllmDetails } from './details.js';
import { perSecond, type VllmFigures, vllmFigures } from './figures.js';
import { steadyState } from './steady-state.js';

/** Form of a file of vLLM's. */
export interface VllmForm {
  readonly client: VllmClient;
  /** With the arrays of `--save-detailed`. */
  readonly detailed: boolean;
}

const PLAIN: VllmForm = { client: 'python', detailed: false };

/**
 * File of `vllm bench serve --save-result`. One line, with the keys and rules of 0.33. Labels of the run appear as with
 * `--metadata`. Without records of all requests it lacks their times, and percentiles are from histograms.
 */
export function vllmJson(
  summary: Summary,
  { client, detailed }: VllmForm = PLAIN,
  records: readonly LogRecord[] = [],
): string {
  const figures = vllmFigures(summary, client);
  const { seconds, completed, failed, inputTokens, outputTokens, good, plannedRate, plannedConcurrency } = figures;
  const details = vllmDetails(records, client);
  const isRust = client === 'rust';
  const speed = (amount: number) => perSecond(amount, figures);
  const result = {
    ...summary.run.labels,
    date: isRust ? `${summary.run.startedAt.slice(0, 19)}Z` : stamp(summary.run.startedAt),
    endpoint_type: 'tokenswarm',
    backend: 'tokenswarm',
    label: null,
    model_id: summary.target?.model ?? null,
    // Tokens are counted by the server.
    tokenizer_id: null,
    num_prompts: completed + failed,
    ...(isRust && { max_model_len: null }),
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
    ...(isRust && { input_throughput: speed(inputTokens) }),
    output_throughput: speed(outputTokens),
    total_token_throughput: speed(inputTokens + outputTokens),
    ...arraysOf(details, { client, detailed }),
    max_output_tokens_per_s: figures.peakTokenRate,
    max_concurrent_requests: figures.peakConcurrency,
    // Of audio, of which there is none.
    rtfx: 0,
    ...latencies(figures, summary, details),
    ...(isRust && { steady_state: steadyState(summary, figures) }),
  };
  return `${JSON.stringify(result)}\n`;
}

/** Arrays by request. Every file of the Python client has two of them. */
function arraysOf({ count, arrays }: VllmDetails, { client, detailed }: VllmForm): object {
  if (count === 0) return {};
  const { latencies: all, queue_times: queued, ...rest } = arrays;
  if (client === 'rust') return detailed ? { ...rest, latencies: all } : {};
  return { ...(detailed && rest), latencies: all, queue_times: queued };
}

/** Latencies, and a field of ours with the source of percentiles. */
function latencies(figures: VllmFigures, { histograms }: Summary, details: VllmDetails) {
  // An incomplete log still gives details, but not percentiles.
  const isWhole = details.count > 0 && details.count === figures.completed + figures.failed;
  const all = figures.latencies.map(({ latency: { key }, values }) => {
    const samples = isWhole ? details.samples[key] : [];
    return statistics(key, samples.length > 0 ? exactStatistics(samples) : values);
  });
  return {
    ...Object.assign({}, ...all),
    percentile_source: isWhole ? 'samples' : 'histogram',
    percentile_relative_error: isWhole ? 0 : histograms.relativeError,
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

/** vLLM's shape parameter of arrival gaps. 1 is Poisson, also without a rate. Null for even gaps, or several. */
function burstinessOf({ plan, intervals }: Summary): number | null {
  if (intervals.every(({ planned }) => planned.rate === 0)) return 1;
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
