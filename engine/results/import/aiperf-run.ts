import * as v from 'valibot';
import type { ComparedMetric, ComparedRun } from '../compare/compared-run.js';
import { gauge, importedRun, share, type Told, trend } from './imported-run.js';
import { has, type Importer, tableOf } from './importer.js';

const maybe = v.optional(v.nullable(v.number()));
const metric = v.looseObject({
  unit: v.optional(v.string()),
  avg: maybe,
  std: maybe,
  min: maybe,
  max: maybe,
  count: maybe,
});

/** Schema of aiperf's profile_export_aiperf.json, as far as it is read. */
const shape = v.looseObject({
  aiperf_version: v.string(),
  input_config: v.optional(
    v.looseObject({ models: v.optional(v.looseObject({ items: v.array(v.looseObject({ name: v.string() })) })) }),
  ),
});

/** A metric's statistics by aiperf's names: `avg`, `p99`, `std`, …. */
type Statistics = (name: string) => Told | undefined;

/** Results of `aiperf profile`, as JSON. */
export const aiperf: Importer = {
  tool: 'aiperf',
  reads: "aiperf's profile_export_aiperf.json",
  recognises: (document) => has(document, 'aiperf_version'),
  runs(file, document) {
    const result = v.parse(shape, document);
    const of: Statistics = (name) => v.parse(v.optional(metric), result[name]) as Told | undefined;
    const model = result.input_config?.models?.items.map(({ name }) => name).join(', ');
    return [runOf(file, of, { ...(model && { model }) })];
  },
};

/** Names of rows in aiperf's CSV. */
const ROWS: Readonly<Record<string, string>> = {
  time_to_first_token: 'Time to First Token',
  inter_token_latency: 'Inter Token Latency',
  request_latency: 'Request Latency',
  request_throughput: 'Request Throughput',
  output_token_throughput: 'Output Token Throughput',
  total_token_throughput: 'Total Token Throughput',
  input_sequence_length: 'Input Sequence Length',
  output_sequence_length: 'Output Sequence Length',
  request_count: 'Request Count',
  error_request_count: 'Error Request Count',
};

/** CSV results of `aiperf profile`. One table has distributions, one single values. */
export const aiperfCsv: Importer = {
  tool: 'aiperf',
  reads: "aiperf's profile_export_aiperf.csv",
  recognises: (document) => {
    const [head = []] = tableOf(document)?.cells ?? [];
    return head[0] === 'Metric' && head.includes('avg') && head.includes('p99');
  },
  runs(file, document) {
    let head: readonly string[] = [];
    const found = new Map<string, Told>();
    for (const cells of tableOf(document)?.cells ?? []) {
      const [name = ''] = cells;
      if (name === 'Metric') {
        head = cells.map((cell) => (cell === 'Value' ? 'avg' : cell));
        continue;
      }
      const values = cells.map((cell, index) => [head[index] ?? '', cell === '' ? undefined : Number(cell)] as const);
      // The unit stands behind the name.
      found.set(name.replace(/ \([^)]*\)$/, ''), Object.fromEntries(values.slice(1)));
    }
    return [runOf(file, (name) => found.get(ROWS[name] ?? ''), {})];
  },
};

function runOf(file: string, of: Statistics, facts: Readonly<Record<string, string>>): ComparedRun {
  const time = (name: string, remark: string): ComparedMetric | undefined => {
    const told = of(name);
    if (!told) return undefined;
    const { avg, min, max, std: stddev, p50: med, p75, p90, p95, p99, count = of('request_count')?.avg } = told;
    const percentiles = { 'p(75)': p75, 'p(90)': p90, 'p(95)': p95, 'p(99)': p99 };
    return trend({ avg, min, max, stddev, med, ...percentiles, count }, { remark });
  };
  const one = (name: string) => of(name)?.avg;
  const metrics = {
    llm_ttft: time('time_to_first_token', 'to the first event with text or reasoning'),
    llm_tpot: time('inter_token_latency', 'what aiperf calls inter-token latency: by output tokens less one'),
    llm_e2e: time('request_latency', 'to the last event'),
    llm_requests_per_second: gauge(one('request_throughput')),
    llm_output_tokens_per_second: gauge(one('output_token_throughput')),
    llm_total_tokens_per_second: gauge(one('total_token_throughput')),
    llm_failed: share(one('error_request_count') ?? 0, one('request_count') ?? 0),
  };
  const tokens = {
    input: one('input_sequence_length') ?? undefined,
    output: one('output_sequence_length') ?? undefined,
  };
  return importedRun(file, 'aiperf', metrics, { tokens, tokenizer: 'its own tokenizer', facts });
}
