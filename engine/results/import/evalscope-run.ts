import * as v from 'valibot';
import type { ComparedMetric } from '../compare/compared-run.js';
import { gauge, importedRun, share, type Told, trend } from './imported-run.js';
import { has, type Importer } from './importer.js';

const maybe = v.optional(v.nullable(v.number()));

/** Name of a figure in evalscope's files, and its unit in ours. */
type Named = readonly [name: string, scale: number];

/** Names of a figure from 1.0 on, and before. */
const NAMES = {
  rate: [
    ['Request Rate (req/s)', 1],
    ['Request rate (req/s)', 1],
  ],
  success: [
    ['Success Requests', 1],
    ['Succeed requests', 1],
  ],
  failed: [
    ['Failed Requests', 1],
    ['Failed requests', 1],
  ],
  requests: [
    ['Req Throughput (req/s)', 1],
    ['Request throughput (req/s)', 1],
  ],
  output: [
    ['Output Throughput (tok/s)', 1],
    ['Output token throughput (tok/s)', 1],
  ],
  total: [
    ['Total Throughput (tok/s)', 1],
    ['Total token throughput (tok/s)', 1],
  ],
  latency: [
    ['Avg Latency (s)', 1000],
    ['Average latency (s)', 1000],
  ],
  ttft: [
    ['Avg TTFT (ms)', 1],
    ['Average time to first token (s)', 1000],
  ],
  tpot: [
    ['Avg TPOT (ms)', 1],
    ['Average time per output token (s)', 1000],
  ],
  itl: [
    ['Avg ITL (ms)', 1],
    ['Average inter-token latency (s)', 1000],
  ],
  inputTokens: [
    ['Avg Input Tokens', 1],
    ['Average input tokens per request', 1],
  ],
  outputTokens: [
    ['Avg Output Tokens', 1],
    ['Average output tokens per request', 1],
  ],
} as const satisfies Readonly<Record<string, readonly Named[]>>;

/** Figure under the first of its names. Undefined where it is absent, or −1, as evalscope writes nothing measured. */
function figureIn(told: Readonly<Record<string, unknown>>, names: readonly Named[]): number | undefined {
  const found = names.find(([name]) => told[name] !== undefined);
  const value = found && v.parse(maybe, told[found[0]]);
  return found && typeof value === 'number' && value >= 0 ? value * found[1] : undefined;
}

const TPOT = 'by output tokens less one';

/** Metrics of TTFT and TPOT, by what ends the first of them. */
function firsts(isOld: boolean, ttft: Told, tpot: Told): Readonly<Record<string, ComparedMetric | undefined>> {
  if (!isOld) {
    const remark = 'to the first event with text or reasoning';
    return { llm_ttft: trend(ttft, { remark }), llm_tpot: trend(tpot, { remark: TPOT }) };
  }
  const remark = 'to the first event, also one without text';
  return { llm_ttft_chunk: trend(ttft, { remark }), llm_tpot_chunk: trend(tpot, { remark: TPOT }) };
}

const GAP = 'the gap between events with text: what evalscope calls ITL';

/** Averages of `evalscope perf`. */
export const evalscope: Importer = {
  tool: 'evalscope',
  reads: "evalscope's benchmark_summary.json",
  recognises: (document) => [...NAMES.ttft, ...NAMES.requests].some(([name]) => has(document, name)),
  runs(file, document) {
    const told = v.parse(v.looseObject({}), document);
    const of = (name: keyof typeof NAMES) => figureIn(told, NAMES[name]);
    const rate = of('rate') ?? 0;
    const users = told.Concurrency ?? told['Number of concurrency'] ?? 'unlimited';
    const metrics = {
      ...firsts(has(document, 'Average latency (s)'), { avg: of('ttft') }, { avg: of('tpot') }),
      llm_chunk_gap: trend({ avg: of('itl') }, { remark: GAP }),
      llm_e2e: trend({ avg: of('latency') }),
      llm_requests_per_second: gauge(of('requests')),
      llm_output_tokens_per_second: gauge(of('output')),
      llm_total_tokens_per_second: gauge(of('total')),
      llm_failed: share(of('failed') ?? 0, of('success') ?? 0),
    };
    const facts = { plan: `rate ${rate > 0 ? rate : 'inf'}, concurrency ${String(users)}` };
    const tokens = { input: of('inputTokens'), output: of('outputTokens') };
    return [importedRun(file, 'evalscope', metrics, { tokens, tokenizer: 'the server', facts })];
  },
};

/** Names of a column of percentiles from 1.0 on, and before. */
const COLUMNS = {
  ttft: [
    ['TTFT (ms)', 1],
    ['TTFT (s)', 1000],
  ],
  tpot: [
    ['TPOT (ms)', 1],
    ['TPOT (s)', 1000],
  ],
  itl: [
    ['ITL (ms)', 1],
    ['ITL (s)', 1000],
  ],
  latency: [['Latency (s)', 1000]],
} as const satisfies Readonly<Record<string, readonly Named[]>>;

const rows = v.array(v.looseObject({ Percentiles: v.string() }));

const KEYS = { min: 'min', '50%': 'med', '75%': 'p(75)', '90%': 'p(90)', '95%': 'p(95)', '99%': 'p(99)', max: 'max' };

/** Percentiles of `evalscope perf`, in a file of their own. */
export const evalscopePercentiles: Importer = {
  tool: 'evalscope',
  reads: "evalscope's benchmark_percentile.json",
  recognises: (document) => Array.isArray(document) && has(document[0], 'Percentiles'),
  runs(file, document) {
    const told = v.parse(rows, document);
    const of = (column: keyof typeof COLUMNS): Told => {
      const entries = Object.entries(KEYS).map(([theirs, ours]) => {
        const row = told.find(({ Percentiles: name }) => name === theirs);
        return [ours, row && figureIn(row, COLUMNS[column])] as const;
      });
      return Object.fromEntries(entries);
    };
    const metrics = {
      ...firsts(has(told[0], 'TTFT (s)'), of('ttft'), of('tpot')),
      llm_chunk_gap: trend(of('itl'), { remark: GAP }),
      llm_e2e: trend(of('latency')),
    };
    return [importedRun(file, 'evalscope', metrics)];
  },
};
