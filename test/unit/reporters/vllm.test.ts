import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LlmRecord } from '../../../engine/metrics/log-record.js';
import type { MetricSummary, Summary } from '../../../engine/metrics/snapshot.js';
import { exactStatistics } from '../../../reporters/vllm/details.js';
import { vllmJson } from '../../../reporters/vllm/json.js';
import { vllmText } from '../../../reporters/vllm/text.js';
import { ROOT } from '../../support/command.js';
import { assertGolden } from './golden.js';
import { empty, failing, healthy, open, troubled } from './summaries.js';

/** A latency whose steady state differs from its whole run. Reports in vLLM's form show the whole run. */
function latency(avg: number): MetricSummary {
  const whole = { count: 2216, avg, med: avg, stddev: 1.5, 'p(90)': avg * 2, 'p(95)': avg * 3, 'p(99)': avg * 4 };
  return { ...healthy.metrics.llm_ttft!, windows: { whole, steady: { count: 1 } } };
}

const measured: Summary = {
  ...healthy,
  metrics: {
    ...healthy.metrics,
    llm_ttft: latency(59.125),
    llm_tpot: latency(9.9),
    llm_ttft_chunk: latency(49.5),
    llm_tpot_chunk: latency(11.5),
    llm_chunk_gap: latency(9.8),
    llm_e2e: latency(1312.7),
  },
};

describe("vLLM's text summary", () => {
  for (const [name, summary] of Object.entries({ measured, troubled, empty, failing, open })) {
    it(`of a run that is ${name} looks as in its golden file`, () => {
      assertGolden(`vllm-${name}.txt`, vllmText(summary));
    });
  }

  it('has the columns of vLLM', () => {
    const lines = vllmText(measured).split('\n');
    assert.equal(lines[0], '============ Serving Benchmark Result ============');
    assert.ok(lines.includes('---------------Time to First Token----------------'));
    assert.ok(lines.includes('-----Time per Output Token (excl. 1st token)------'));
    assert.ok(lines.includes('Successful requests:                     2216      '));
    // A half goes to the even neighbour.
    assert.ok(lines.includes('Mean TTFT (ms):                          59.12     '));
  });
});

describe("vLLM's JSON", () => {
  const read = (summary: Summary) => JSON.parse(vllmJson(summary));

  it('has the keys of vLLM, with the figures of the whole run', () => {
    const { request_throughput, output_throughput, total_token_throughput, request_goodput, ...rest } = read({
      ...measured,
      run: { ...measured.run, labels: { gpu: 'A100', date: 'never' } },
    });
    const { seconds } = measured.run;
    assert.deepEqual(
      [request_throughput, output_throughput, total_token_throughput, request_goodput],
      [2216 / seconds, 283_648 / seconds, 496_606 / seconds, 2178 / seconds],
    );
    const statistics = (key: string, avg: number) => ({
      [`mean_${key}_ms`]: avg,
      [`median_${key}_ms`]: avg,
      [`std_${key}_ms`]: 1.5,
      [`p50_${key}_ms`]: avg,
      [`p90_${key}_ms`]: avg * 2,
      [`p95_${key}_ms`]: avg * 3,
      [`p99_${key}_ms`]: avg * 4,
    });
    assert.deepEqual(rest, {
      gpu: 'A100',
      date: '20261022-200811',
      endpoint_type: 'tokenswarm',
      backend: 'tokenswarm',
      label: null,
      model_id: 'Qwen/Qwen2.5-7B-Instruct',
      tokenizer_id: null,
      num_prompts: 2216,
      request_rate: 'inf',
      burstiness: 1,
      max_concurrency: 20,
      duration: 65.204,
      completed: 2216,
      failed: 0,
      total_input_tokens: 212_958,
      total_output_tokens: 283_648,
      max_output_tokens_per_s: 311,
      max_concurrent_requests: 20,
      rtfx: 0,
      ...statistics('ttft', 59.125),
      ...statistics('tpot', 9.9),
      ...statistics('itl', 9.8),
      ...statistics('e2el', 1312.7),
      percentile_source: 'histogram',
      percentile_relative_error: 0.001,
    });
  });

  const arrivals: readonly (readonly [unknown, number | null])[] = [
    ['poisson', 1],
    [{ gamma: 0.5 }, 0.5],
    ['uniform', null],
    [undefined, null],
  ];
  for (const [given, burstiness] of arrivals) {
    it(`tells that arrivals were ${JSON.stringify(given)}`, () => {
      const [scenario] = open.plan.scenarios;
      const scenarios = [{ ...scenario!, options: { rate: 40, arrivals: given } }];
      const [interval] = open.intervals;
      const intervals = [{ ...interval!, planned: { vus: 0, rate: 40 } }];
      const result = read({ ...open, plan: { ...open.plan, scenarios }, intervals });
      assert.deepEqual([result.burstiness, result.request_rate, result.max_concurrency], [burstiness, 40, null]);
    });
  }

  it('leaves out latencies that nothing had', () => {
    assert.deepEqual(
      Object.keys(read(empty)).filter((key) => key.endsWith('_ms')),
      [],
    );
  });
});

describe("vLLM's detailed JSON", () => {
  const record = (given: Partial<LlmRecord>): LlmRecord => ({
    kind: 'llm',
    worker: 0,
    vu: 1,
    iteration: 0,
    scenario: 'default',
    name: 'chat',
    protocol: 'chat',
    model: 'sim',
    tags: {},
    status: 200,
    failure: undefined,
    censored: false,
    bytesSent: 1,
    bytesReceived: 1,
    scheduledAt: 0,
    sentAt: 1000,
    endedAt: 1200,
    connectedAt: undefined,
    headersAt: 1010,
    firstChunkAt: 1020,
    firstTokenAt: 1050,
    firstAnswerAt: 1050,
    lastTokenAt: 1120,
    ttft: 50,
    tpot: 23,
    e2e: 120,
    inputTokens: 7,
    outputTokens: 5,
    reasoningTokens: undefined,
    chunks: 3,
    finishReason: 'stop',
    good: undefined,
    reconnected: false,
    gaps: [30, 40],
    gapTokens: [2, 2],
    ...given,
  });
  const records = [
    record({}),
    record({ sentAt: 500, firstChunkAt: 510, firstTokenAt: 510, e2e: 90, outputTokens: 3, gaps: [40, 40] }),
    record({
      sentAt: 1500,
      failure: { kind: 'timeout', message: 'late' },
      firstChunkAt: undefined,
      firstTokenAt: undefined,
      gaps: [],
    }),
    record({ censored: true }),
  ];
  const read = (failed: number) => {
    const llm_failed = {
      ...measured.metrics.llm_failed!,
      windows: { whole: { passes: failed, fails: 2 }, steady: null },
    };
    const form = { client: 'python', detailed: true } as const;
    return JSON.parse(vllmJson({ ...measured, metrics: { ...measured.metrics, llm_failed } }, form, records));
  };

  it('has an entry for every request that ended, in the order of sending', () => {
    const { input_lens, output_lens, ttfts, itls, errors, start_times } = read(1);
    assert.deepEqual(
      [input_lens, output_lens],
      [
        [7, 7, 7],
        [3, 5, 0],
      ],
    );
    assert.deepEqual(
      [ttfts, start_times],
      [
        [0.01, 0.05, 0],
        [0.5, 1, 1.5],
      ],
    );
    assert.deepEqual(itls, [[0.04, 0.04], [0.03, 0.04], []]);
    assert.deepEqual(errors, ['', '', 'late']);
  });

  it('has exact statistics by the rules of vLLM', () => {
    const { median_ttft_ms, mean_tpot_ms, mean_itl_ms, p50_e2el_ms, percentile_source } = read(1);
    assert.deepEqual(
      [median_ttft_ms, mean_tpot_ms, mean_itl_ms, p50_e2el_ms, percentile_source],
      [30, (40 + 17.5) / 2, 37.5, 105, 'samples'],
    );
  });

  it('keeps to the histograms where requests are missing', () => {
    const { median_ttft_ms, percentile_source, ttfts } = read(2);
    assert.deepEqual([median_ttft_ms, percentile_source, ttfts.length], [59.125, 'histogram', 3]);
  });

  const whole = {
    ...measured,
    metrics: {
      ...measured.metrics,
      llm_failed: { ...measured.metrics.llm_failed!, windows: { whole: { passes: 1, fails: 2 }, steady: null } },
    },
  };
  const file = (client: 'python' | 'rust', detailed: boolean, given: readonly LlmRecord[] = records) =>
    vllmJson(whole, { client, detailed }, given);

  it('is one line, as vLLM’s own reader takes the last', () => {
    assert.deepEqual([...file('python', true).matchAll(/\n/g)].length, 1);
    assert.ok(file('rust', false).endsWith('}\n'));
  });

  const real: readonly (readonly [file: string, client: 'python' | 'rust', detailed: boolean])[] = [
    ['vllm-0.33.0-python.json', 'python', false],
    ['vllm-0.33.0-python-detailed.json', 'python', true],
    ['vllm-0.33.0-rust.json', 'rust', false],
    ['vllm-0.33.0-rust-one-token.json', 'rust', true],
  ];
  for (const [name, client, detailed] of real) {
    it(`has every key of the real file: ${name}`, () => {
      const theirs = JSON.parse(readFileSync(join(ROOT, 'test/support/peer-files', name), 'utf8')) as object;
      const ours = Object.keys(JSON.parse(file(client, detailed)));
      // What was given to that run with --metadata.
      const labels = ['gpu', 'tp'];
      assert.deepEqual(
        Object.keys(theirs).filter((key) => !ours.includes(key) && !labels.includes(key)),
        [],
      );
      const extra = ours.filter((key) => !(key in theirs) && !/_ms$|^percentile_/.test(key));
      assert.deepEqual(extra, []);
    });
  }

  it('says the same with the details as without', () => {
    for (const client of ['python', 'rust'] as const) {
      const [short, long] = [false, true].map(
        (detailed) => JSON.parse(file(client, detailed)) as Record<string, unknown>,
      );
      for (const [key, value] of Object.entries(short!)) assert.deepEqual(long![key], value, key);
    }
  });

  it('has the times of requests in every file of the Python client, failed ones with 0', () => {
    const { latencies, queue_times } = JSON.parse(file('python', false)) as Record<string, readonly number[]>;
    assert.deepEqual(
      [latencies, queue_times],
      [
        [0.09, 0.12, 0],
        [0.5, 1, 1.5],
      ],
    );
  });

  it('follows the Rust client’s rule where that is asked for: the first chunk, though it may be empty', () => {
    const { ttfts, itls, date, input_throughput, queue_times } = JSON.parse(file('rust', true));
    assert.deepEqual(ttfts, [0.01, 0.02, 0]);
    assert.deepEqual(itls, [[0.04, 0.04], [0.03, 0.03, 0.04], []]);
    assert.match(date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.ok(input_throughput > 0);
    assert.equal(queue_times, undefined);
    const plain = JSON.parse(vllmJson(measured, { client: 'rust', detailed: false }));
    assert.deepEqual([plain.mean_ttft_ms, plain.mean_tpot_ms], [49.5, 11.5]);
    assert.equal(typeof plain.steady_state.window.duration_s, 'number');
  });

  it('interpolates percentiles as NumPy does', () => {
    const { avg, med, stddev, 'p(90)': p90, 'p(99)': p99 } = exactStatistics([4, 1, 3, 2]);
    assert.deepEqual([avg, med, stddev], [2.5, 2.5, Math.sqrt(1.25)]);
    assert.ok(Math.abs(p90 - 3.7) < 1e-12 && Math.abs(p99 - 3.97) < 1e-12);
  });
});
