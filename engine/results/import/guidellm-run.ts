import * as v from 'valibot';
import type { ComparedRun } from '../compare/compared-run.js';
import { gauge, importedRun, numbered, share, type Told, trend } from './imported-run.js';
import { has, type Importer, tableOf } from './importer.js';

const maybe = v.optional(v.nullable(v.number()));
const distribution = v.optional(
  v.nullable(
    v.object({
      successful: v.looseObject({
        mean: v.nullable(v.number()),
        median: maybe,
        std_dev: maybe,
        min: maybe,
        max: maybe,
        count: maybe,
        percentiles: v.optional(v.nullable(v.record(v.string(), v.nullable(v.number())))),
      }),
    }),
  ),
);
const totals = v.object({ successful: v.number(), errored: maybe, incomplete: maybe });

/** Schema of guidellm's benchmarks, as far as it is read. */
const shape = v.object({
  benchmarks: v.pipe(
    v.array(
      v.looseObject({
        metrics: v.looseObject({
          request_totals: v.optional(totals),
          requests_per_second: distribution,
          request_latency: distribution,
          prompt_token_count: distribution,
          output_token_count: distribution,
          time_to_first_token_ms: distribution,
          inter_token_latency_ms: distribution,
          output_tokens_per_second: distribution,
          tokens_per_second: distribution,
        }),
        config: v.optional(v.looseObject({ strategy: v.optional(v.unknown()) })),
      }),
    ),
    v.minLength(1, 'it has no benchmark'),
  ),
});

/** Statistics of one benchmark, by the names of the JSON. */
interface Benchmark {
  readonly of: (name: string) => Told | undefined;
  readonly totals: { readonly successful: number; readonly errored: number; readonly incomplete: number } | undefined;
  readonly plan: string | undefined;
}

/** Results of guidellm as JSON or YAML, each benchmark as a run. */
export const guidellm: Importer = {
  tool: 'guidellm',
  reads: "guidellm's benchmarks.json or benchmarks.yaml",
  recognises: (document) => has(document, 'benchmarks') && !has(document, 'schema'),
  runs(file, document) {
    const { benchmarks } = v.parse(shape, document);
    return benchmarks.map(({ metrics, config }, index) => {
      const all = metrics.request_totals;
      const benchmark: Benchmark = {
        of(name) {
          const told = v.parse(distribution, metrics[name]);
          return told ? { ...told.successful.percentiles, ...plainOf(told.successful) } : undefined;
        },
        totals: all && { successful: all.successful, errored: all.errored ?? 0, incomplete: all.incomplete ?? 0 },
        plan: config?.strategy === undefined ? undefined : JSON.stringify(config.strategy),
      };
      return runOf(numbered(file, index, benchmarks.length), benchmark);
    });
  },
};

function plainOf(told: NonNullable<v.InferOutput<typeof distribution>>['successful']): Told {
  const { mean, median, std_dev: deviation, min, max } = told;
  return { mean, median, std_dev: deviation, min, max };
}

/** Groups and names of the columns of guidellm's CSV. */
const COLUMNS: Readonly<Record<string, readonly [group: string, name: string]>> = {
  requests_per_second: ['Server Throughput', 'Successful Requests/Sec'],
  request_latency: ['Request Latency', 'Successful Sec'],
  prompt_token_count: ['Token Metrics', 'Successful Input Tokens'],
  output_token_count: ['Token Metrics', 'Successful Output Tokens'],
  time_to_first_token_ms: ['Time to First Token', 'Successful ms'],
  inter_token_latency_ms: ['Inter Token Latency', 'Successful ms'],
  output_tokens_per_second: ['Token Throughput', 'Successful Output Tokens/Sec'],
  tokens_per_second: ['Token Throughput', 'Successful Total Tokens/Sec'],
};

/** Order of the percentiles in a cell of guidellm's CSV. */
const PERCENTILES = ['p001', 'p01', 'p05', 'p10', 'p25', 'p50', 'p75', 'p90', 'p95', 'p99', 'p999'];

/** CSV results of guidellm. Three header rows, then one for each benchmark. */
export const guidellmCsv: Importer = {
  tool: 'guidellm',
  reads: "guidellm's benchmarks.csv",
  recognises: (document) => {
    const [groups = [], names = []] = tableOf(document)?.cells ?? [];
    return groups.includes('Request Latency') && names.includes('Successful Sec');
  },
  runs(file, document) {
    const [groups = [], names = [], statistics = [], ...rows] = tableOf(document)?.cells ?? [];
    return rows.map((cells, index) => {
      const at = (group: string, name: string, statistic: string) => {
        const place = groups.findIndex((each, i) => each === group && names[i] === name && statistics[i] === statistic);
        return place < 0 ? '' : (cells[place] ?? '');
      };
      const count = (name: string) => Number(at('Request Counts', name, '')) || 0;
      const benchmark: Benchmark = {
        of(name) {
          const [group, column] = COLUMNS[name] ?? ['', ''];
          const one = (statistic: string) =>
            at(group, column, statistic) === '' ? undefined : Number(at(group, column, statistic));
          const list: unknown = JSON.parse(at(group, column, 'Percentiles') || '[]');
          const told = v.parse(v.array(v.nullable(v.number())), list);
          const percentiles = told.length === PERCENTILES.length ? told : [];
          return {
            ...Object.fromEntries(percentiles.map((value, place) => [PERCENTILES[place] ?? '', value])),
            ...{ mean: one('Mean'), median: one('Median'), std_dev: one('Std Dev') },
          };
        },
        totals: { successful: count('Successful'), errored: count('Errored'), incomplete: count('Incomplete') },
        plan: at('Benchmark', 'Strategy', '') || undefined,
      };
      return runOf(numbered(file, index, rows.length), benchmark);
    });
  },
};

const RATE =
  'of requests that ended well: what those cut off at the end had streamed is not in it, though their time is';

/**
 * Run of a benchmark. Its ITL is the usual TPOT; its own TPOT, which has the first token in it, is left out. Samples are
 * requests, though its counts of ITL are tokens.
 */
function runOf(file: string, { of, totals: counts, plan }: Benchmark): ComparedRun {
  const time = (name: string, scale: number, remark: string) => {
    const { mean: avg, median, std_dev: stddev, min, max, p50, p75, p90, p95, p99 } = of(name) ?? {};
    const values = {
      avg,
      stddev,
      min,
      med: median ?? p50,
      max,
      'p(75)': p75,
      'p(90)': p90,
      'p(95)': p95,
      'p(99)': p99,
    };
    const found = trend({ ...values, count: counts?.successful }, { scale, remark });
    return found && { ...found, percentiles: 'rank' as const };
  };
  const cut = counts && counts.incomplete > 0 ? RATE : undefined;
  const metrics = {
    llm_ttft: time('time_to_first_token_ms', 1, 'to the first event with text or reasoning, by the wall clock'),
    llm_tpot: time(
      'inter_token_latency_ms',
      1,
      'what guidellm calls inter-token latency: the mean of each request, weighted by its tokens',
    ),
    llm_e2e: time('request_latency', 1000, 'by the wall clock, to the end of the body'),
    llm_requests_per_second: gauge(of('requests_per_second')?.mean, cut),
    llm_output_tokens_per_second: gauge(of('output_tokens_per_second')?.mean, cut),
    llm_total_tokens_per_second: gauge(of('tokens_per_second')?.mean, cut),
    llm_failed: counts && share(counts.errored, counts.successful),
  };
  const tokens = {
    input: of('prompt_token_count')?.mean ?? undefined,
    output: of('output_token_count')?.mean ?? undefined,
  };
  return importedRun(file, 'guidellm', metrics, {
    tokens,
    tokenizer: 'the server',
    facts: plan === undefined ? {} : { plan },
  });
}
