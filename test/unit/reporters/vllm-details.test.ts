import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LlmRecord } from '../../../engine/metrics/log-record.js';
import { exactStatistics } from '../../../reporters/vllm/details.js';
import { vllmJson } from '../../../reporters/vllm/json.js';
import { ROOT } from '../../support/command.js';
import { measured } from './summaries/measured.js';

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

  it('uses histograms where requests are missing', () => {
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

  it('has the same figures with and without details', () => {
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

  it("follows the Rust client's rule with vllm:rust: the first chunk, even an empty one", () => {
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
