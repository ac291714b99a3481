import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../../engine/errors.js';
import type { Comparison } from '../../../engine/results/compare/compare.js';
import type { ComparedRun } from '../../../engine/results/compare/compared-run.js';
import { compareFiles } from '../../../engine/results/compare-files.js';
import { estimateOf } from '../../../engine/results/confidence-interval.js';
import { k6Summary } from '../../../reporters/k6-summary.js';
import { vllmJson } from '../../../reporters/vllm/json.js';
import { ROOT } from '../../support/command.js';
import { testFolder } from '../../support/folder.js';
import { healthy } from '../reporters/summaries.js';

const PEERS = join(ROOT, 'test/support/peer-files');
const peer = (name: string) => join(PEERS, name);
const contentOf = (name: string) => readFileSync(peer(name), 'utf8');

async function runsIn(path: string): Promise<readonly ComparedRun[]> {
  return (await compareFiles([path])).runs;
}

/** A metric's figures, rounded to thousandths. */
function figures(run: ComparedRun | undefined, metric: string, ...keys: readonly string[]): readonly unknown[] {
  return keys.map((key) => {
    const value = run?.metrics[metric]?.values[key];
    return value === undefined ? undefined : Math.round(1000 * value) / 1000;
  });
}

describe('the result file of another tool', () => {
  const folder = testFolder();

  const TREND = ['avg', 'med', 'p(95)', 'p(99)'];
  const table: readonly (readonly [
    file: string,
    tool: string,
    ttft: readonly unknown[],
    tpot: readonly unknown[],
    e2e: unknown,
    rates: readonly unknown[],
  ])[] = [
    [
      'sglang-0.5.23.jsonl',
      'sglang',
      [84.255, 77.857, 104.457, 297.355],
      [10.04, 10.064, 10.221, 10.297],
      1078.174,
      [5669.706, 56.697],
    ],
    [
      'aiperf-0.13.0.json',
      'aiperf',
      [77.177, 72.803, 114.425, 126.629],
      [10.031, 10.014, 10.588, 10.848],
      1081.419,
      [1435.498, 14.195],
    ],
    [
      'aiperf-0.13.0.csv',
      'aiperf',
      [77.18, 72.8, 114.42, 126.63],
      [10.03, 10.01, 10.59, 10.85],
      1081.42,
      [1435.5, 14.2],
    ],
    [
      'endpoints-ea33275-result_summary.json',
      'endpoints',
      [91.143, 63.845, 315.392, 381.082],
      [9.972, 9.981, 10.196, 10.241],
      1087.219,
      [1480.766, 14.657],
    ],
    [
      'evalscope-1.14.1-benchmark_summary.json',
      'evalscope',
      [77.98, undefined, undefined, undefined],
      [10.41, undefined, undefined, undefined],
      1108.8,
      [1427.298, 14.273],
    ],
    [
      'guidellm-0.8.1-concurrent-16.json',
      'guidellm',
      [65.709, 57.896, 113.801, 156.133],
      [10.014, 10.025, 10.241, 10.674],
      1065.674,
      [1333.333, 13.333],
    ],
    [
      'guidellm-0.8.1-concurrent-16.yaml',
      'guidellm',
      [65.709, 57.896, 113.801, 156.133],
      [10.014, 10.025, 10.241, 10.674],
      1065.674,
      [1333.333, 13.333],
    ],
    [
      'guidellm-0.8.1-concurrent-16.csv',
      'guidellm',
      [65.709, 57.896, 113.801, 156.133],
      [10.014, 10.025, 10.241, 10.674],
      1065.674,
      [1333.333, 13.333],
    ],
    [
      'vllm-0.33.0-python.json',
      'vllm',
      [144.725, 138.496, undefined, 199.176],
      [10.206, 10.147, undefined, 11.052],
      undefined,
      [335.661, 3.357],
    ],
  ];
  for (const [file, tool, ttft, tpot, e2e, rates] of table) {
    it(`is read in full: ${file}`, async () => {
      const [run] = await runsIn(peer(file));
      assert.equal(run?.tool, tool);
      assert.deepEqual(figures(run, 'llm_ttft', ...TREND), ttft);
      assert.deepEqual(figures(run, 'llm_tpot', ...TREND), tpot);
      assert.deepEqual(figures(run, 'llm_e2e', 'avg'), [e2e]);
      const told = ['llm_output_tokens_per_second', 'llm_requests_per_second'].flatMap((name) =>
        figures(run, name, 'value'),
      );
      assert.deepEqual(told, rates);
      for (const metric of ['llm_ttft', 'llm_tpot'])
        assert.ok(run?.metrics[metric]?.remark, `${metric} has its rule named`);
    });
  }

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

  it('has no TPOT of 0 where answers had one token, and no latency where all requests failed', async () => {
    const [one] = await runsIn(peer('vllm-0.33.0-rust-one-token.json'));
    assert.equal(one?.metrics.llm_tpot_chunk, undefined);
    assert.deepEqual(figures(one, 'llm_ttft_chunk', 'avg', 'p(99)'), [22.675, 23.096]);
    const [none] = await runsIn(peer('vllm-0.33.0-rust-all-failed.json'));
    assert.deepEqual(figures(none, 'llm_failed', 'rate'), [1]);
    assert.equal(none?.metrics.llm_ttft_chunk, undefined);
  });

  it('has percentiles of one definition, of the samples as well as of the file', async () => {
    const [run] = await runsIn(peer('vllm-0.33.0-python-detailed.json'));
    const told = JSON.parse(contentOf('vllm-0.33.0-python-detailed.json')) as Readonly<Record<string, number>>;
    for (const [metric, key] of [
      ['llm_ttft', 'ttft'],
      ['llm_tpot', 'tpot'],
      ['llm_chunk_gap', 'itl'],
    ] as const) {
      const { values = {} } = run?.metrics[metric] ?? {};
      assert.equal(values['p(99)'], told[`p99_${key}_ms`]);
      assert.ok(values['p(95)']! <= values['p(99)']!, `${metric}: p95 above p99`);
      assert.ok(values['p(90)']! <= values['p(95)']! && values.med! <= values['p(75)']!, metric);
    }
    const without = { ...told, p99_ttft_ms: undefined, median_ttft_ms: undefined, mean_tpot_ms: undefined };
    const [derived] = await runsIn(folder.write('derived.json', JSON.stringify(without)));
    assert.ok(Math.abs((derived?.metrics.llm_ttft?.values['p(99)'] ?? 0) - (told.p99_ttft_ms ?? 0)) < 1e-6);
    assert.ok(Math.abs((derived?.metrics.llm_ttft?.values.med ?? 0) - (told.median_ttft_ms ?? 0)) < 1e-6);
    assert.ok(Math.abs((derived?.metrics.llm_tpot?.values.avg ?? 0) - (told.mean_tpot_ms ?? 0)) < 0.02);
  });

  it('takes Locust’s LLM rows off its total', async () => {
    const [run] = await runsIn(peer('locust-2.47.0-c16_stats.csv'));
    assert.deepEqual(figures(run, 'responses_per_second', 'value'), [15.09]);
    assert.deepEqual(figures(run, 'response_time', 'avg', 'p(95)', 'count'), [13.017, 63, 192]);
    assert.deepEqual(figures(run, 'llm_ttft', 'avg', 'p(99)'), [63.455, 130]);
    const content = contentOf('locust-2.47.0-c16_stats.csv');
    const second = content.split('\n')[1]!.replace('/v1/chat/completions,192,0,8,13.0', '/other,64,1,8,29.0');
    const [two] = await runsIn(folder.write('two_stats.csv', content.replace('LLM,tpot', `${second}\nLLM,tpot`)));
    assert.deepEqual(figures(two, 'response_time', 'count', 'p(95)'), [256, undefined], 'no percentile of two rows');
    assert.deepEqual(figures(two, 'response_failed', 'passes'), [1]);
  });

  it('is bounded by its requests, not by its tokens', async () => {
    const [run] = await runsIn(peer('guidellm-0.8.1-concurrent-16.json'));
    const metric = run?.metrics.llm_tpot;
    assert.equal(metric?.values.count, 160);
    const scaled = contentOf('guidellm-0.8.1-concurrent-16.json').replaceAll(
      /("inter_token_latency_ms":\s*\{\s*"successful":\s*\{\s*"mean":\s*)([\d.]+)/g,
      (_, before: string, mean: string) => `${before}${Number(mean) * 1.001}`,
    );
    const other = folder.write('slower.json', scaled);
    const { rows } = await compareFiles([peer('guidellm-0.8.1-concurrent-16.json'), other]);
    const row = rows.find((each) => each.metric === 'llm_tpot' && each.key === 'avg');
    assert.ok((row?.changes[0]?.ratio ?? 0) > 1.0009, 'the second file differs');
    assert.equal(row?.changes[0]?.word, 'no difference shown');
    assert.ok(estimateOf(metric!, 'avg')!.bounds[1] > 10.05);
  });

  it('may hold several runs: appended documents, JSON lines, with numbers as Python writes them', async () => {
    const names = async (path: string) => (await runsIn(path)).map(({ file }) => file.slice(path.length));
    assert.deepEqual(await names(peer('vllm-0.33.0-python-append.json')), ['#1', '#2']);
    const line = contentOf('sglang-0.5.23.jsonl').trim();
    assert.match(line, /"request_rate": Infinity/);
    assert.deepEqual(await names(folder.write('two.jsonl', `${line}\n${line}\n`)), ['#1', '#2']);
    const indented = JSON.stringify(JSON.parse(contentOf('vllm-0.33.0-python.json')), null, 2);
    assert.deepEqual(await names(folder.write('indented.json', `${indented}\n${indented}`)), ['#1', '#2']);
    const odd = contentOf('vllm-0.33.0-python.json').replace('"std_ttft_ms": 33.45286053144887', '"std_ttft_ms": NaN');
    const [run] = await runsIn(folder.write('nan.json', odd.replace('"label": null', '"label": "a NaN, Infinity"')));
    assert.deepEqual(figures(run, 'llm_ttft', 'avg', 'stddev'), [144.725, undefined]);
  });

  const alone = ({ alone: rows, runs }: Comparison) =>
    rows.map(
      ({ metric, key, values }) => `${metric}:${key} ${runs[values.findIndex((value) => value !== undefined)]?.tool}`,
    );

  it('lists what only one file has', async () => {
    const comparison = await compareFiles([peer('vllm-0.33.0-rust.json'), peer('guidellm-0.8.1-concurrent-16.json')]);
    assert.deepEqual(alone(comparison), [
      'llm_chunk_gap:avg vllm',
      'llm_chunk_gap:med vllm',
      'llm_chunk_gap:p(95) vllm',
      'llm_chunk_gap:p(99) vllm',
      'llm_good:rate vllm',
    ]);
    const ttft = comparison.rows.filter(({ metric }) => metric === 'llm_ttft');
    assert.deepEqual(
      ttft.map(({ values }) => values.every((value) => value !== undefined)),
      [true, true, true, true],
    );
    assert.ok(comparison.warnings.some((text) => text.startsWith('percentiles of B are samples')));
    assert.ok(comparison.warnings.some((text) => text.startsWith('input tokens of A and B are not counted alike')));
    assert.deepEqual(comparison.incomparable, [undefined]);
  });

  const strange: readonly (readonly [file: string, what: RegExp, hint: RegExp])[] = [
    ['locust-2.47.0-c16.json', /the JSON of Locust's --json-file/, /_stats\.csv/],
    ['locust-2.47.0-c16_stats_history.csv', /Locust's _stats_history\.csv/, /_stats\.csv/],
    ['locust-2.47.0-c16_failures.csv', /Locust's list of failures/, /_stats\.csv/],
    ['locust-2.47.0-c16_exceptions.csv', /Locust's list of failures or exceptions/, /_stats\.csv/],
    ['aiperf-0.13.0-requests.jsonl', /aiperf's records of single requests/, /profile_export_aiperf\.json/],
    ['evalscope-1.14.1-benchmark_args.json', /evalscope's benchmark_args\.json/, /benchmark_summary\.json/],
  ];
  for (const [file, what, hint] of strange) {
    it(`is refused by name, with what to give instead: ${file}`, () => refused(peer(file), what, hint));
  }

  it('is refused by name where it is a report of ours, or by what it looks like', async () => {
    await refused(folder.write('k6.json', k6Summary(healthy)), /a summary in the form of k6/, /--out json=FILE/);
    await refused(
      folder.write('cmp.json', '{"schema":"tokenswarm/comparison"}'),
      /a report of tokenswarm/,
      /--out json/,
    );
    await refused(
      folder.write('list.json', '[{"a":1},{"a":2}]'),
      /a list of 2 that begins with an object with "a"/,
      /vllm/,
    );
    await refused(folder.write('other.yaml', 'a: 1\nb: [2]\n'), /an object with "a", "b"/, /guidellm/);
    await refused(folder.write('other.csv', 'x,y\n1,2\n'), /a table with the columns "x", "y"/, /Locust/);
    await refused(folder.write('cut.json', '{"a": [1'), /it is not JSON/, /comparable files/);
  });

  async function refused(path: string, what: RegExp, hint: RegExp): Promise<void> {
    await assert.rejects(compareFiles([path]), (error: UserError) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, what);
      assert.match(error.hint ?? '', hint);
      assert.equal(error.where, path);
      return true;
    });
  }
});
