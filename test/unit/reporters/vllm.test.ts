import assert from 'node:assert/strict';
import type { Summary } from '../../../engine/metrics/snapshot.js';
import { vllmJson } from '../../../reporters/vllm/json.js';
import { vllmText } from '../../../reporters/vllm/text.js';
import { assertGolden } from './golden.js';
import { measured } from './summaries/measured.js';
import { empty, failing, open, troubled } from './summaries.js';

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
