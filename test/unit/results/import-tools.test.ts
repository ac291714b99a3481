import assert from 'node:assert/strict';
import { compareFiles } from '../../../engine/results/compare-files.js';
import { vllmJson } from '../../../reporters/vllm/json.js';
import { testFolder } from '../../support/folder.js';
import { healthy } from '../reporters/summaries.js';
import { figures, peer, runsIn } from './peer-files.js';

describe('the import of a result file', () => {
  const folder = testFolder();

  it('gives the percentiles of evalscope from their own file', async () => {
    const [run] = await runsIn(peer('evalscope-1.14.1-benchmark_percentile.json'));
    assert.deepEqual(figures(run, 'llm_ttft', 'min', 'med', 'p(75)'), [60.281, 74.98, 86.041]);
    assert.deepEqual(figures(run, 'llm_e2e', 'min', 'med'), [1052.8, 1079.1]);
  });

  it('gives llmperf’s figures from its summary and from single responses, with TTFT in what it calls ITL', async () => {
    const [single] = await runsIn(peer('llmperf-f1d6bed-individual_responses.json'));
    assert.deepEqual(figures(single, 'llm_ttft', 'min', 'max'), [57.984, 68.624]);
    assert.equal(single?.metrics.llm_tpot, undefined);
    assert.deepEqual(figures(single, 'tpot_with_ttft', 'min'), [10.285]);
    const quantiles = (key: string, scale: number) =>
      Object.fromEntries([50, 75, 90, 95, 99].map((p) => [`results_${key}_quantiles_p${p}`, (scale * p) / 1000]));
    const summary = {
      model: 'm',
      num_concurrent_requests: 4,
      ...quantiles('ttft_s', 1),
      ...quantiles('end_to_end_latency_s', 10),
      results_ttft_s_mean: 0.06,
      results_ttft_s_stddev: 0.01,
      results_num_requests_started: 21,
      results_number_errors: 1,
      results_num_completed_requests: 20,
      results_num_completed_requests_per_min: 120,
      results_mean_output_throughput_token_per_s: 240,
      results_number_output_tokens_mean: 132,
      results_number_input_tokens_mean: 50,
    };
    const [run] = await runsIn(folder.write('m_50_100_summary.json', JSON.stringify(summary, null, 4)));
    assert.deepEqual(figures(run, 'llm_ttft', 'avg', 'med', 'p(99)', 'count'), [60, 50, 99, 20]);
    assert.deepEqual(figures(run, 'llm_requests_per_second', 'value'), [2]);
    assert.deepEqual(figures(run, 'llm_failed', 'passes', 'fails'), [1, 20]);
    assert.deepEqual(run?.tokens, { input: 50, output: 132 });
  });

  it('gives genai-bench’s figures, which are seconds', async () => {
    const of = (mean: number) => ({
      min: 0,
      max: 1,
      mean,
      stddev: mean / 10,
      p25: mean,
      p50: mean,
      p75: mean,
      p90: mean,
      p95: 2 * mean,
      p99: 3 * mean,
    });
    const document = {
      aggregated_metrics: {
        scenario: 'D(50,100)',
        num_concurrency: 16,
        run_duration: 12,
        mean_output_throughput_tokens_per_s: 1313,
        mean_total_tokens_throughput_tokens_per_s: 2000,
        requests_per_second: 13.1,
        num_error_requests: 2,
        num_completed_requests: 158,
        stats: {
          ttft: of(0.0837),
          tpot: of(0.01021),
          e2e_latency: of(1.094),
          num_input_tokens: of(50),
          num_output_tokens: of(100),
        },
      },
      individual_request_metrics: [],
    };
    const [run] = await runsIn(folder.write('genai.json', JSON.stringify(document)));
    assert.equal(run?.tool, 'genai-bench');
    assert.deepEqual(figures(run, 'llm_ttft', 'avg', 'p(95)', 'count'), [83.7, 167.4, 158]);
    assert.deepEqual(figures(run, 'llm_tpot', 'avg'), [10.21]);
    assert.deepEqual(figures(run, 'llm_failed', 'passes', 'fails'), [2, 158]);
  });

  it('gives inference-perf’s figures, which are seconds, of a stage or of all', async () => {
    const of = (mean: number) => ({
      mean,
      min: mean,
      max: mean,
      median: mean,
      p90: mean,
      p95: 2 * mean,
      p99: 3 * mean,
    });
    const document = {
      load_summary: {
        count: 160,
        schedule_delay: of(0.001),
        send_duration: 10,
        requested_rate: 16,
        achieved_rate: 15.9,
      },
      successes: {
        count: 159,
        latency: {
          request_latency: of(1.054),
          time_per_output_token: of(0.00996),
          time_to_first_token: of(0.0554),
          inter_token_latency: of(0.00996),
        },
        throughput: {
          input_tokens_per_sec: 700,
          output_tokens_per_sec: 1474,
          total_tokens_per_sec: 2174,
          requests_per_sec: 14.7,
        },
        prompt_len: of(50),
        output_len: of(100),
      },
      failures: { count: 1, request_latency: null },
    };
    const [run] = await runsIn(folder.write('stage_0_lifecycle_metrics.json', JSON.stringify(document, null, 2)));
    assert.equal(run?.tool, 'inference-perf');
    assert.deepEqual(figures(run, 'llm_ttft', 'avg', 'med', 'p(95)'), [55.4, 55.4, 110.8]);
    assert.deepEqual(figures(run, 'llm_itl', 'avg'), [9.96]);
    assert.deepEqual(figures(run, 'llm_failed', 'passes', 'fails'), [1, 159]);
    assert.deepEqual(run?.tokens, { input: 50, output: 100 });
  });

  it('tells vLLM’s clients apart by what only their files have', async () => {
    const metricsIn = async (name: string) => Object.keys((await runsIn(peer(name)))[0]?.metrics ?? {});
    for (const name of ['vllm-0.33.0-rust.json', 'vllm-0.24.0-python.json']) {
      const metrics = await metricsIn(name);
      assert.ok(
        metrics.includes('llm_ttft_chunk') && metrics.includes('llm_tpot_chunk') && !metrics.includes('llm_ttft'),
        name,
      );
    }
    const python = await metricsIn('vllm-0.33.0-python.json');
    assert.ok(python.includes('llm_ttft') && python.includes('llm_tpot') && !python.includes('llm_ttft_chunk'));
    const ours = async (client: 'python' | 'rust') => {
      const [run] = await runsIn(folder.write(`${client}.json`, vllmJson(healthy, { client, detailed: false })));
      return run?.metrics[client === 'rust' ? 'llm_ttft_chunk' : 'llm_ttft']?.values.avg;
    };
    assert.equal(await ours('python'), healthy.metrics.llm_ttft?.windows.whole?.avg);
    assert.equal(await ours('rust'), healthy.metrics.llm_ttft_chunk?.windows.whole?.avg);
    const { rows } = await compareFiles([peer('vllm-0.33.0-python.json'), peer('vllm-0.33.0-rust.json')]);
    const ttft = rows.find(({ metric, key }) => metric === 'llm_ttft' && key === 'avg');
    assert.deepEqual([ttft?.changes[0]?.word, ttft?.changes[0]?.bounds], ['not judged', undefined]);
    assert.match(ttft?.remarks[0] ?? '', /first event with output/);
    assert.match(ttft?.remarks[1] ?? '', /first chunk/);
    const [good] = await runsIn(peer('vllm-0.33.0-rust.json'));
    assert.deepEqual(figures(good, 'llm_good', 'passes', 'fails'), [299, 5]);
  });
});
