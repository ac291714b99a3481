import assert from 'node:assert/strict';
import { compareFiles } from '../../../engine/results/compare-files.js';
import { vllmJson } from '../../../reporters/vllm/json.js';
import { testFolder } from '../../support/folder.js';
import { healthy } from '../reporters/summaries.js';
import { figures, peer, runsIn } from './peer-files.js';

const OLD = ['llm_ttft_chunk', 'llm_tpot_chunk'];

describe('the import of a result file', () => {
  const folder = testFolder();

  it('gives the percentiles of evalscope from their own file', async () => {
    const [run] = await runsIn(peer('evalscope-1.14.1-benchmark_percentile.json'));
    assert.deepEqual(figures(run, 'llm_ttft', 'min', 'med', 'p(75)'), [60.281, 74.98, 86.041]);
    assert.deepEqual(figures(run, 'llm_e2e', 'min', 'med'), [1052.8, 1079.1]);
  });

  it('gives the first event where old files of evalscope have TTFT, in seconds', async () => {
    const [mean] = await runsIn(peer('evalscope-0.17.1-benchmark_summary.json'));
    assert.deepEqual(
      Object.keys(mean?.metrics ?? {}).filter((name) => /ttft|tpot/.test(name)),
      OLD,
    );
    assert.deepEqual(figures(mean, 'llm_ttft_chunk', 'avg'), [105.7]);
    assert.deepEqual(figures(mean, 'llm_tpot_chunk', 'avg'), [11.3]);
    assert.deepEqual([figures(mean, 'llm_e2e', 'avg'), figures(mean, 'llm_chunk_gap', 'avg')], [[433.3], [10.2]]);
    assert.deepEqual(figures(mean, 'llm_requests_per_second', 'value'), [8.613]);
    assert.deepEqual([mean?.tokens, mean?.facts.plan], [{ input: 6, output: 30 }, 'rate inf, concurrency 4']);
    const [run] = await runsIn(peer('evalscope-0.17.1-benchmark_percentile.json'));
    assert.deepEqual(
      Object.keys(run?.metrics ?? {}).filter((name) => /ttft|tpot/.test(name)),
      OLD,
    );
    assert.deepEqual(figures(run, 'llm_ttft_chunk', 'med', 'p(99)'), [81.7, 283.4]);
    assert.deepEqual(figures(run, 'llm_e2e', 'med', 'p(99)'), [393, 640.3]);
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

  it('gives genai-bench’s figures in the unit that its file names', async () => {
    const [run] = await runsIn(peer('genai-bench-0.0.5.json'));
    assert.equal(run?.tool, 'genai-bench');
    assert.deepEqual(
      figures(run, 'llm_ttft', 'avg', 'med', 'p(95)', 'p(99)', 'count'),
      [85.688, 85.448, 110.633, 114.227, 24],
    );
    assert.deepEqual(figures(run, 'llm_tpot', 'avg'), [9.971]);
    assert.deepEqual(figures(run, 'llm_e2e', 'avg'), [1072.8]);
    assert.deepEqual(figures(run, 'llm_output_tokens_per_second', 'value'), [337.294]);
    assert.deepEqual(figures(run, 'llm_failed', 'passes', 'fails'), [0, 24]);
    assert.deepEqual(run?.tokens, { input: 30.25, output: 100 });
    const [milliseconds] = await runsIn(peer('genai-bench-0.0.5-ms.json'));
    assert.deepEqual(figures(milliseconds, 'llm_ttft', 'avg'), [97.531]);
    assert.deepEqual(figures(milliseconds, 'llm_tpot', 'avg'), [10.265]);
  });

  it('gives inference-perf’s figures, which are seconds, and says where its counts are not the server’s', async () => {
    for (const part of ['stage_0', 'summary']) {
      const [run] = await runsIn(peer(`inference-perf-0.7.0-${part}_lifecycle_metrics.json`));
      assert.equal(run?.tool, 'inference-perf');
      assert.deepEqual(
        figures(run, 'llm_ttft', 'avg', 'med', 'p(95)', 'p(99)', 'count'),
        [56.262, 53.235, 71.481, 73.357, 24],
      );
      assert.deepEqual(figures(run, 'llm_tpot', 'avg'), [5.737]);
      assert.deepEqual(figures(run, 'llm_e2e', 'avg'), [1050.092]);
      assert.deepEqual(figures(run, 'llm_failed', 'passes', 'fails'), [0, 24]);
      for (const metric of ['llm_tpot', 'llm_output_tokens_per_second']) {
        assert.match(run?.metrics[metric]?.remark ?? '', /own tokenizer: 174\.9 an answer, 100\.0 by the server/);
      }
    }
  });

  it("recognises vLLM's clients by their keys", async () => {
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
    const [rust] = await runsIn(folder.write('gaps.json', vllmJson(healthy, { client: 'rust', detailed: false })));
    assert.doesNotMatch(rust?.metrics.llm_chunk_gap?.remark ?? '', /empty/);
    const { rows } = await compareFiles([peer('vllm-0.33.0-python.json'), peer('vllm-0.33.0-rust.json')]);
    const ttft = rows.find(({ metric, key }) => metric === 'llm_ttft' && key === 'avg');
    assert.deepEqual([ttft?.changes[0]?.word, ttft?.changes[0]?.bounds], ['not judged', undefined]);
    assert.match(ttft?.remarks[0] ?? '', /first event with output/);
    assert.match(ttft?.remarks[1] ?? '', /first chunk/);
    const [good] = await runsIn(peer('vllm-0.33.0-rust.json'));
    assert.deepEqual(figures(good, 'llm_good', 'passes', 'fails'), [299, 5]);
  });
});
