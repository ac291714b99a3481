import * as v from 'valibot';
import { gauge, importedRun, share, type Told, trend } from './imported-run.js';
import { has, type Importer } from './importer.js';

const maybe = v.optional(v.nullable(v.number()));
const statistics = v.optional(v.nullable(v.record(v.string(), maybe)));
const mean = v.optional(v.nullable(v.looseObject({ mean: maybe })));

/** Fields read from inference-perf's summary and stage files. */
const shape = v.looseObject({
  load_summary: v.looseObject({ requested_rate: maybe, achieved_rate: maybe, concurrency: maybe }),
  successes: v.looseObject({
    count: v.number(),
    latency: v.optional(
      v.nullable(
        v.looseObject({
          request_latency: statistics,
          time_per_output_token: statistics,
          time_to_first_token: statistics,
          inter_token_latency: statistics,
        }),
      ),
    ),
    throughput: v.optional(
      v.nullable(v.looseObject({ output_tokens_per_sec: maybe, total_tokens_per_sec: maybe, requests_per_sec: maybe })),
    ),
    prompt_len: mean,
    output_len: mean,
    prompt_tokens: mean,
    output_tokens: mean,
    token_count_mismatches: maybe,
  }),
  failures: v.optional(v.nullable(v.looseObject({ count: maybe }))),
});

type Successes = v.InferOutput<typeof shape>['successes'];

/** Results of inference-perf, of a whole run or of one stage. */
export const inferencePerf: Importer = {
  tool: 'inference-perf',
  reads: "inference-perf's summary_lifecycle_metrics.json or stage_N_lifecycle_metrics.json",
  recognises: (document) => has(document, 'load_summary', 'successes'),
  runs(file, document) {
    const { load_summary: load, successes, failures } = v.parse(shape, document);
    const { latency, throughput, count } = successes;
    const time = (told: Told | null | undefined, samples: number | undefined, remark: string) => {
      const { mean: avg, min, max, median: med = told?.p50, p75, p90, p95, p99 } = told ?? {};
      const values = { avg, min, max, med, 'p(75)': p75, 'p(90)': p90, 'p(95)': p95, 'p(99)': p99 };
      return trend({ ...values, count: told ? samples : undefined }, { scale: 1000, remark });
    };
    const counts = ownCounts(successes);
    const metrics = {
      llm_ttft: time(latency?.time_to_first_token, count, 'to the first event with text'),
      llm_tpot: time(latency?.time_per_output_token, count, `by output tokens less one${counts}`),
      llm_itl: time(latency?.inter_token_latency, undefined, 'a gap of 0 for further tokens of an event'),
      llm_e2e: time(latency?.request_latency, count, 'to the end of the response'),
      llm_requests_per_second: gauge(throughput?.requests_per_sec),
      llm_output_tokens_per_second: gauge(throughput?.output_tokens_per_sec, `tokens of good requests alone${counts}`),
      llm_total_tokens_per_second: gauge(throughput?.total_tokens_per_sec),
      llm_failed: share(failures?.count ?? 0, count),
    };
    const tokens = {
      input: successes.prompt_len?.mean ?? successes.prompt_tokens?.mean ?? undefined,
      output: successes.output_len?.mean ?? successes.output_tokens?.mean ?? undefined,
    };
    const plan =
      load.concurrency != null
        ? `concurrency ${load.concurrency}`
        : `rate ${load.requested_rate ?? 'of several stages'}`;
    return [importedRun(file, 'inference-perf', metrics, { tokens, tokenizer: 'its own tokenizer', facts: { plan } })];
  },
};

/** Remark on counts that are not the server's; empty where they agree. */
function ownCounts({ output_len: own, output_tokens: told, token_count_mismatches: count }: Successes): string {
  if (!count || own?.mean == null || told?.mean == null) return '';
  return `, by its own tokenizer: ${own.mean.toFixed(1)} an answer, ${told.mean.toFixed(1)} by the server`;
}
