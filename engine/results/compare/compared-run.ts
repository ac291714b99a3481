import type { Quality } from '../../metrics/quality.js';
import type { MetricSummary, RecordedInterval, Summary } from '../../metrics/snapshot.js';
import { interpolatedIn } from '../interpolated.js';
import { recordedBounds } from '../recorded-bounds.js';

/** Tools whose results can be compared. */
export type Tool =
  | 'tokenswarm'
  | 'vllm'
  | 'sglang'
  | 'guidellm'
  | 'aiperf'
  | 'evalscope'
  | 'genai-bench'
  | 'inference-perf'
  | 'llmperf'
  | 'endpoints'
  | 'locust';

/** Metric of a run, under tokenswarm's name. */
export interface ComparedMetric
  extends Pick<MetricSummary, 'type' | 'contains' | 'values' | 'confidence' | 'histogram'> {
  /** Difference of its definition from ours, or another caveat. */
  readonly remark?: string;
  /** Definition of its percentiles: a sample, or between two. Default: unknown. */
  readonly percentiles?: 'rank' | 'interpolated';
  /** Metric of another rule that it stands for. */
  readonly rule?: string;
}

/** Run of any tool, in comparable form. Missing data is absent. */
export interface ComparedRun {
  readonly file: string;
  readonly tool: Tool;
  readonly metrics: Readonly<Record<string, ComparedMetric>>;
  /** Mean tokens of a request. */
  readonly tokens: { readonly input?: number | undefined; readonly output?: number | undefined };
  /** Counter of its input tokens. */
  readonly tokenizer?: string;
  /** Window of the figures. */
  readonly window: 'steady' | 'whole';
  /** Conditions that should be equal in all runs. Value in words, by name. */
  readonly facts: Readonly<Record<string, string>>;
  readonly quality?: Quality;
  readonly intervals: readonly RecordedInterval[];
}

/** Definitions that are named beside other tools'. */
const REMARKS: Readonly<Record<string, string>> = {
  llm_ttft: 'to the first event with output: text, reasoning or a tool call',
  llm_tpot: 'since the first event with output, by the tokens after it',
};

/**
 * Run of tokenswarm. With `others`, over its whole window, as other tools report; with `interpolated`, percentiles lie between
 * samples as theirs do, where there is a distribution.
 */
export function ownRun(
  file: string,
  summary: Summary,
  { others, interpolated }: { readonly others: boolean; readonly interpolated: boolean },
): ComparedRun {
  const { metrics, plan, target, run, quality, windows, requests, environment, intervals } = summary;
  const isWhole = others || windows.headline === 'whole';
  const chosen = Object.entries(metrics).flatMap(([name, metric]): [string, ComparedMetric][] => {
    const { type, contains, values, histogram } = metric;
    // Bounds and distributions are of the headline window only.
    if (windows.headline === 'whole' || !others) {
      const isBetween = interpolated && histogram !== undefined;
      const shown = isBetween ? { ...values, ...interpolatedIn(values, histogram) } : values;
      const known = recordedBounds(name, metric);
      const rest = { ...(known && { confidence: known }), ...(histogram && { histogram }) };
      return [[name, { type, contains, values: shown, percentiles: isBetween ? 'interpolated' : 'rank', ...rest }]];
    }
    const whole = metric.windows.whole;
    return whole ? [[name, { type, contains, values: whole, percentiles: 'rank' }]] : [];
  });
  if (others) {
    for (const [name, metric] of chosen) {
      const remark = REMARKS[name];
      if (remark !== undefined) Object.assign(metric, { remark });
    }
  }
  const byName = { ...(others && responses(Object.fromEntries(chosen))), ...Object.fromEntries(chosen) };
  return {
    file,
    tool: 'tokenswarm',
    metrics: byName,
    tokens: { input: byName.llm_input_tokens?.values.avg, output: byName.llm_output_tokens?.values.avg },
    ...(requests.tokenSource === 'usage' && { tokenizer: 'the server' }),
    window: isWhole ? 'whole' : 'steady',
    facts: {
      plan: plan.scenarios.map(({ name, description }) => `${name}: ${description}`).join('; '),
      scenario: run.scenario,
      ...(target && { model: target.model, target: target.simulated ? simulatorText(target) : 'a real server' }),
      'token count': {
        usage: 'by the server',
        tokenizer: 'by the tokenizer',
        events: 'of events',
        mixed: 'partly of events',
        none: '',
      }[requests.tokenSource],
      machine: `${environment.cpu}, ${environment.cores} cores`,
    },
    quality,
    intervals,
  };
}

/** Response times that Locust's figures of all requests compare with. */
function responses(metrics: Readonly<Record<string, ComparedMetric>>): Record<string, ComparedMetric> {
  const { llm_requests: requests = metrics.http_reqs, llm_failed: failed = metrics.http_req_failed } = metrics;
  const time = metrics.llm_e2e ?? metrics.http_req_duration;
  const rate = requests?.values.rate;
  return {
    ...(time && { response_time: { ...time, remark: metrics.llm_e2e ? 'llm_e2e' : 'http_req_duration' } }),
    ...(failed && { response_failed: failed }),
    ...(rate !== undefined && {
      responses_per_second: { type: 'gauge', contains: 'default', values: { value: rate } },
    }),
  };
}

function simulatorText({ simulates }: NonNullable<Summary['target']>): string {
  if (!simulates) return 'the simulator';
  return `the simulator of ${simulates.model} on ${simulates.tensorParallel} × ${simulates.card}`;
}
