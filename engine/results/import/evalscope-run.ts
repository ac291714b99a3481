import * as v from 'valibot';
import type { ComparedMetric } from '../compare/compared-run.js';
import { gauge, importedRun, share, trend } from './imported-run.js';
import { has, type Importer } from './importer.js';

const maybe = v.optional(v.nullable(v.number()));

/** Schema of evalscope's benchmark_summary.json, as far as it is read. */
const summary = v.object({
  Concurrency: v.optional(v.nullable(v.union([v.number(), v.string()]))),
  'Request Rate (req/s)': maybe,
  'Success Requests': maybe,
  'Failed Requests': maybe,
  'Req Throughput (req/s)': maybe,
  'Output Throughput (tok/s)': maybe,
  'Total Throughput (tok/s)': maybe,
  'Avg Latency (s)': maybe,
  'Avg TTFT (ms)': maybe,
  'Avg TPOT (ms)': maybe,
  'Avg ITL (ms)': maybe,
  'Avg Input Tokens': maybe,
  'Avg Output Tokens': maybe,
});

const TTFT = 'to the first event with text or reasoning';
const TPOT = 'by output tokens less one';
const GAP = 'the gap between events with text: what evalscope calls ITL';

/** Averages of `evalscope perf`. */
export const evalscope: Importer = {
  tool: 'evalscope',
  reads: "evalscope's benchmark_summary.json",
  recognises: (document) => has(document, 'Avg TTFT (ms)') || has(document, 'Req Throughput (req/s)'),
  runs(file, document) {
    const told = v.parse(summary, document);
    const rate = told['Request Rate (req/s)'] ?? -1;
    const metrics = {
      llm_ttft: trend({ avg: told['Avg TTFT (ms)'] }, { remark: TTFT }),
      llm_tpot: trend({ avg: told['Avg TPOT (ms)'] }, { remark: TPOT }),
      llm_chunk_gap: trend({ avg: told['Avg ITL (ms)'] }, { remark: GAP }),
      llm_e2e: trend({ avg: told['Avg Latency (s)'] }, { scale: 1000 }),
      llm_requests_per_second: gauge(told['Req Throughput (req/s)']),
      llm_output_tokens_per_second: gauge(told['Output Throughput (tok/s)']),
      llm_total_tokens_per_second: gauge(told['Total Throughput (tok/s)']),
      llm_failed: share(told['Failed Requests'] ?? 0, told['Success Requests'] ?? 0),
    };
    const facts = { plan: `rate ${rate > 0 ? rate : 'inf'}, concurrency ${told.Concurrency ?? 'unlimited'}` };
    const tokens = { input: told['Avg Input Tokens'] ?? undefined, output: told['Avg Output Tokens'] ?? undefined };
    return [importedRun(file, 'evalscope', metrics, { tokens, tokenizer: 'the server', facts })];
  },
};

/** Schema of a row of evalscope's benchmark_percentile.json. */
const rows = v.array(
  v.object({
    Percentiles: v.string(),
    'Latency (s)': maybe,
    'TTFT (ms)': maybe,
    'TPOT (ms)': maybe,
    'ITL (ms)': maybe,
  }),
);
type Column = 'Latency (s)' | 'TTFT (ms)' | 'TPOT (ms)' | 'ITL (ms)';

const KEYS = { min: 'min', '50%': 'med', '75%': 'p(75)', '90%': 'p(90)', '95%': 'p(95)', '99%': 'p(99)', max: 'max' };

/** Percentiles of `evalscope perf`, in a file of their own. */
export const evalscopePercentiles: Importer = {
  tool: 'evalscope',
  reads: "evalscope's benchmark_percentile.json",
  recognises: (document) => Array.isArray(document) && has(document[0], 'Percentiles'),
  runs(file, document) {
    const told = v.parse(rows, document);
    const of = (column: Column, remark?: string, scale = 1): ComparedMetric | undefined => {
      const entries = Object.entries(KEYS).map(([theirs, ours]) => {
        return [ours, told.find(({ Percentiles: name }) => name === theirs)?.[column]] as const;
      });
      return trend(Object.fromEntries(entries), { scale, ...(remark && { remark }) });
    };
    const metrics = {
      llm_ttft: of('TTFT (ms)', TTFT),
      llm_tpot: of('TPOT (ms)', TPOT),
      llm_chunk_gap: of('ITL (ms)', GAP),
      llm_e2e: of('Latency (s)', undefined, 1000),
    };
    return [importedRun(file, 'evalscope', metrics)];
  },
};
