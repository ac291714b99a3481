import * as v from 'valibot';
import { gauge, importedRun, share, trend } from './imported-run.js';
import { has, type Importer } from './importer.js';

const maybe = v.optional(v.nullable(v.number()));
const distribution = v.optional(
  v.nullable(
    v.looseObject({
      min: maybe,
      max: maybe,
      median: maybe,
      avg: maybe,
      std_dev: maybe,
      percentiles: v.optional(v.nullable(v.record(v.string(), maybe))),
    }),
  ),
);

/** Schema of result_summary.json of MLCommons' endpoints, as far as it is read. */
const shape = v.looseObject({
  n_samples_issued: v.number(),
  n_samples_completed: v.number(),
  n_samples_failed: maybe,
  duration_ns: maybe,
  qps: maybe,
  tps: maybe,
  ttft: distribution,
  tpot: distribution,
  latency: distribution,
  input_sequence_lengths: distribution,
  output_sequence_lengths: distribution,
});

/** Milliseconds per nanosecond. */
const NANOSECONDS = 1e-6;

/** Results of MLCommons' endpoints. */
export const endpoints: Importer = {
  tool: 'endpoints',
  reads: "result_summary.json of MLCommons' endpoints",
  recognises: (document) => has(document, 'n_samples_issued'),
  runs(file, document) {
    const told = v.parse(shape, document);
    const { n_samples_completed: completed, n_samples_failed: failed } = told;
    const time = (found: v.InferOutput<typeof distribution>, remark?: string) => {
      if (!found) return undefined;
      const { avg, min, max, median: med, std_dev: stddev, percentiles } = found;
      const of = (percent: string) => percentiles?.[percent];
      const values = { avg, min, max, med, stddev, 'p(75)': of('75.0'), 'p(90)': of('90.0'), 'p(95)': of('95.0') };
      return trend(
        { ...values, 'p(99)': of('99.0'), count: completed },
        { scale: NANOSECONDS, ...(remark && { remark }) },
      );
    };
    const metrics = {
      llm_ttft: time(told.ttft, 'to the first event with text or reasoning'),
      llm_tpot: time(told.tpot, 'by output tokens less one'),
      llm_e2e: time(told.latency),
      llm_requests_per_second: gauge(told.qps),
      llm_output_tokens_per_second: gauge(told.tps),
      llm_failed: share(failed ?? 0, completed),
    };
    const tokens = {
      input: told.input_sequence_lengths?.avg ?? undefined,
      output: told.output_sequence_lengths?.avg ?? undefined,
    };
    return [importedRun(file, 'endpoints', metrics, { tokens, tokenizer: 'its own tokenizer' })];
  },
};
