import * as v from 'valibot';
import type { ComparedMetric, ComparedRun } from '../compare/compared-run.js';

const distribution = v.object({
  successful: v.object({
    mean: v.number(),
    median: v.optional(v.number()),
    std_dev: v.optional(v.number()),
    min: v.optional(v.number()),
    max: v.optional(v.number()),
    count: v.optional(v.number()),
    percentiles: v.optional(v.record(v.string(), v.number())),
  }),
});
const totals = v.object({
  successful: v.number(),
  errored: v.optional(v.number()),
  incomplete: v.optional(v.number()),
});

/** Schema of the fields read from guidellm's benchmarks.json. */
const shape = v.object({
  benchmarks: v.pipe(
    v.array(
      v.looseObject({
        metrics: v.looseObject({
          request_totals: v.optional(totals),
          requests_per_second: v.optional(distribution),
          request_latency: v.optional(distribution),
          prompt_token_count: v.optional(distribution),
          output_token_count: v.optional(distribution),
          time_to_first_token_ms: v.optional(distribution),
          inter_token_latency_ms: v.optional(distribution),
          output_tokens_per_second: v.optional(distribution),
          tokens_per_second: v.optional(distribution),
        }),
        config: v.optional(v.looseObject({ strategy: v.optional(v.unknown()) })),
      }),
    ),
    v.minLength(1, 'it has no benchmark'),
  ),
});

/** True if a document may be guidellm's. */
export function isGuidellm(document: object): boolean {
  return 'benchmarks' in document;
}

/**
 * Runs of guidellm's file, one per benchmark. Its ITL is the usual TPOT; its own TPOT, which includes the first token,
 * is left out. Throws a valibot error if the file is damaged.
 */
export function guidellmRuns(file: string, document: unknown): ComparedRun[] {
  const { benchmarks } = v.parse(shape, document);
  return benchmarks.map(({ metrics: told, config }, index): ComparedRun => {
    const found: Record<string, ComparedMetric | undefined> = {
      llm_ttft: trend(told.time_to_first_token_ms, 1, 'by the wall clock'),
      llm_tpot: trend(
        told.inter_token_latency_ms,
        1,
        'what guidellm calls inter-token latency: a mean of each request',
      ),
      llm_e2e: trend(told.request_latency, 1000, 'by the wall clock, to the end of the body'),
      llm_requests_per_second: gauge(told.requests_per_second),
      llm_output_tokens_per_second: gauge(told.output_tokens_per_second),
      llm_total_tokens_per_second: gauge(told.tokens_per_second),
      llm_failed: failures(told.request_totals),
    };
    return {
      file: benchmarks.length > 1 ? `${file}#${index + 1}` : file,
      tool: 'guidellm',
      metrics: Object.fromEntries(
        Object.entries(found).filter((entry): entry is [string, ComparedMetric] => entry[1] !== undefined),
      ),
      tokens: { input: told.prompt_token_count?.successful.mean, output: told.output_token_count?.successful.mean },
      window: 'whole',
      facts: config?.strategy === undefined ? {} : { plan: JSON.stringify(config.strategy) },
      intervals: [],
    };
  });
}

type Distribution = v.InferOutput<typeof distribution>;

function trend(told: Distribution | undefined, scale: number, remark: string): ComparedMetric | undefined {
  if (!told || told.successful.count === 0) return undefined;
  const { mean, median, std_dev: deviation, min, max, count, percentiles = {} } = told.successful;
  const named = {
    avg: mean,
    stddev: deviation,
    min,
    med: median ?? percentiles.p50,
    max,
    'p(75)': percentiles.p75,
    'p(90)': percentiles.p90,
    'p(95)': percentiles.p95,
    'p(99)': percentiles.p99,
  };
  const values: Record<string, number> = {};
  for (const [key, value] of Object.entries(named)) if (value !== undefined) values[key] = value * scale;
  return { type: 'trend', contains: 'time', values: { ...values, ...(count !== undefined && { count }) }, remark };
}

function gauge(told: Distribution | undefined): ComparedMetric | undefined {
  return (
    told && {
      type: 'gauge',
      contains: 'default',
      values: { value: told.successful.mean },
      remark: 'a mean over time, weighted',
    }
  );
}

function failures(told: v.InferOutput<typeof totals> | undefined): ComparedMetric | undefined {
  const { successful = 0, errored = 0 } = told ?? {};
  if (successful + errored === 0) return undefined;
  const values = { rate: errored / (successful + errored), passes: errored, fails: successful };
  return { type: 'rate', contains: 'default', values };
}
