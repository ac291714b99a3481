import assert from 'node:assert/strict';
import type { Comparison } from '../../../engine/results/compare/compare.js';
import { compareFiles } from '../../../engine/results/compare-files.js';
import { estimateOf } from '../../../engine/results/confidence-interval.js';
import { testFolder } from '../../support/folder.js';
import { contentOf, figures, peer, runsIn } from './peer-files.js';

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
});
