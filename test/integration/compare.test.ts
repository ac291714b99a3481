import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Summary } from '../../engine/metrics/snapshot.js';
import { summaryJson } from '../../reporters/json.js';
import { statsCsv } from '../../reporters/locust/csv.js';
import { vllmJson } from '../../reporters/vllm/json.js';
import { startBrowser } from '../support/browser.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { blocks } from '../support/page.js';
import { assertGolden } from '../unit/reporters/golden.js';
import { empty, failing, healthy, troubled } from '../unit/reporters/summaries.js';

const HOSTILE = `<img src=x onerror=alert(1)>"'&中文`;

/** Output of `vllm bench serve --save-result --save-detailed`, shortened. */
const VLLM = {
  date: '20261125-070000',
  backend: 'vllm',
  model_id: 'Qwen/Qwen2.5-7B-Instruct',
  num_prompts: 42,
  request_rate: 'inf',
  max_concurrency: 20,
  duration: 10,
  completed: 40,
  failed: 2,
  total_input_tokens: 3844,
  total_output_tokens: 5120,
  request_throughput: 4,
  output_throughput: 512,
  total_token_throughput: 896.4,
  mean_ttft_ms: 61,
  median_ttft_ms: 60,
  p99_ttft_ms: 95,
  mean_tpot_ms: 10,
  mean_itl_ms: 10,
};

const distribution = (mean: number) => {
  return {
    successful: {
      mean,
      median: mean,
      std_dev: mean / 10,
      count: 500,
      percentiles: { p95: mean * 1.2, p99: mean * 1.5 },
    },
  };
};
const GUIDELLM = {
  metadata: { version: 2 },
  benchmarks: [
    {
      config: { strategy: { type_: 'concurrent', streams: 20 } },
      metrics: {
        request_totals: { successful: 500, incomplete: 3, errored: 5, total: 508 },
        requests_per_second: distribution(40),
        request_latency: distribution(1.3),
        prompt_token_count: distribution(96),
        output_token_count: distribution(128),
        time_to_first_token_ms: distribution(62),
        time_per_output_token_ms: distribution(10.3),
        inter_token_latency_ms: distribution(9.9),
        output_tokens_per_second: distribution(5100),
      },
    },
  ],
};

/** The healthy run with bounds and with all latencies times a factor. A run of half a minute has such bounds. */
function scaled(factor: number): Summary {
  const metrics = Object.entries(healthy.metrics).map(([name, metric]) => {
    if (!/^llm_(ttft|tpot|itl|e2e)$/.test(name)) return [name, metric];
    const values = Object.fromEntries(
      Object.entries(metric.values).map(([key, value]) => [key, key === 'count' ? value : value * factor]),
    );
    const confidence = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, [value * 0.97, value * 1.03]]),
    );
    return [name, { ...metric, values, confidence }];
  });
  return { ...healthy, metrics: Object.fromEntries(metrics) as Summary['metrics'] };
}

describe('tokenswarm compare', () => {
  const folder = testFolder();
  const compare = (...args: readonly string[]) => tokenswarm(['compare', ...args], { cwd: folder.path });

  before(() => {
    folder.write('a.json', summaryJson(scaled(1)));
    folder.write('same.json', summaryJson(scaled(1.01)));
    folder.write('slow.json', summaryJson(scaled(1.3)));
    folder.write('vllm.json', JSON.stringify(VLLM));
    folder.write('guidellm.json', JSON.stringify(GUIDELLM));
    folder.write('locust_stats.csv', statsCsv(troubled, true));
  });

  it('says of each run whether it is faster or slower than the first, or that no difference is shown', async () => {
    const { code, stdout } = await compare('a.json', 'same.json', 'slow.json');
    assert.equal(code, 0);
    assertGolden('compare.txt', stdout);
    const [, same = '', slow = ''] = stdout.split('AGAINST A');
    assert.match(same, /TTFT p95 +78\.01ms +78\.79ms +\+1\.0% +-3\.\d…\+5\.\d% {2}no difference shown/);
    assert.match(slow, /TTFT p95 +78\.01ms +101\.41ms +\+30\.0% +\+2\d\.\d…\+3\d\.\d% {2}slower/);
  });

  it('exits with 99 where a condition is crossed, and with 0 where none is', async () => {
    const condition = [
      '--fail-if',
      'llm_ttft:p(95)>+10%',
      '--fail-if',
      'llm_failed>+0.01',
      '--fail-if',
      'llm_output_tokens_per_second<-5%',
    ];
    assert.equal((await compare('a.json', 'same.json', ...condition)).code, 0);
    const { code, stdout } = await compare('a.json', 'slow.json', ...condition);
    assert.equal(code, 99);
    assert.match(stdout, /✗ llm_ttft:p\(95\)>\+10% {2}B \+30\.0%/);
    assert.match(stdout, /✓ llm_failed>\+0\.01 {2}B \+0/);
  });

  it('reads conditions all at once, and tells what is wrong with them', async () => {
    const bad = await compare(
      'a.json',
      'slow.json',
      '--fail-if',
      'faster',
      '--fail-if',
      'llm_ttft:p95>10%',
      '--fail-if',
      'a:avg>>3',
    );
    assert.deepEqual([bad.code, bad.stdout], [104, '']);
    for (const text of ['faster', 'a:avg>>3']) assert.match(bad.stderr, new RegExp(`"${text}" cannot be read`));
    const unknown = await compare(
      'a.json',
      'slow.json',
      '--fail-if',
      'llm_tft:p(95)>10%',
      '--fail-if',
      'llm_ttft:p(97)>10%',
    );
    assert.equal(unknown.code, 104);
    assert.match(unknown.stderr, /A has no metric "llm_tft"; did you mean "llm_ttft"\?/);
    assert.match(unknown.stderr, /A has no p\(97\) of llm_ttft; it has count, avg, /);
    assert.match(unknown.stdout, /TTFT p95/);
    const nothing = await compare('a.json', 'slow.json', '--fail-if', 'llm_failed:rate>10%');
    assert.match(nothing.stderr, /it is 0 in A, of which there is no percentage/);
  });

  it('does not compare runs whose requests have other lengths', async () => {
    const tokens = scaled(1).metrics.llm_output_tokens!;
    const longer = { ...tokens, values: { ...tokens.values, avg: 160 } };
    folder.write(
      'longer.json',
      summaryJson({ ...scaled(1.3), metrics: { ...scaled(1.3).metrics, llm_output_tokens: longer } }),
    );
    const { code, stdout, stderr } = await compare('a.json', 'longer.json', '--fail-if', 'llm_ttft:p(95)>10%');
    assert.match(stdout, /TTFT p95 .* not comparable/);
    assert.match(stdout, /failed .* no difference shown/);
    assert.match(stdout, /B is not comparable with A: 160\.0 output tokens a request against 128\.0/);
    assert.equal(code, 104);
    assert.match(stderr, /B cannot be compared with A: 160\.0 output tokens/);
  });

  it('warns of plans, models, scenarios and numbers that differ or cannot be trusted', async () => {
    const { plan, target } = healthy;
    const [scenario] = plan.scenarios;
    const other: Summary = {
      ...scaled(1),
      plan: { ...plan, scenarios: [{ ...scenario!, description: '64 VUs' }] },
      target: { ...target!, model: HOSTILE, simulated: false },
      quality: { ...healthy.quality, verdict: 'suspect', reasons: ['a worker was busy'] },
    };
    folder.write('strange.json', summaryJson(other));
    const said = (await compare('a.json', 'strange.json')).stdout.replace(/\n {6}/g, ' ');
    assert.match(said, /! the plan differs: A default: 0 to 20 VUs over 1m5s; B default: 64 VUs/);
    assert.match(said, /! the model differs: A Qwen\/Qwen2\.5-7B-Instruct; B <img/);
    assert.match(said, /! the target differs: A the simulator; B a real server/);
    assert.match(said, /! the numbers of B are suspect: a worker was busy/);
  });

  it('reads what vllm bench serve has written, by its own rules', async () => {
    folder.write('own-vllm.json', vllmJson(healthy));
    const { code, stdout } = await compare('vllm.json', 'a.json');
    assert.equal(code, 0);
    assert.match(stdout, /A {2}vllm\.json vllm, whole run/);
    assert.match(stdout, /tokens\/s +512 /);
    assert.match(stdout, /failed +4\.76% +0\.00%/);
    // Our fixture has no figure by the rule of the first chunk: both are shown, each with its rule, and not judged.
    assert.match(stdout, /TTFT avg +61\.00ms +61\.20ms +\+0\.3% +not judged/);
    assert.match(stdout, /only in B: TTFT p95, TPOT p50/);
    const read = stdout.replace(/\n {6}/g, ' ');
    assert.match(read, /llm_ttft of A: to the first chunk, though it may be empty/);
    assert.match(read, /llm_ttft of B: to the first event with output/);
    assert.match((await compare('vllm.json', 'own-vllm.json')).stdout, /B {2}own-vllm\.json vllm/);
    const requests = Array.from({ length: 400 }, (_, index) => 0.05 + ((index * 7919) % 100) / 10_000);
    const detailed = (factor: number) =>
      JSON.stringify({
        ...VLLM,
        ttfts: requests.map((ttft) => ttft * factor),
        itls: requests.map((ttft) => [0.01, ttft / 5]),
        output_lens: requests.map(() => 3),
      });
    folder.write('detailed.json', detailed(1));
    folder.write('detailed-slow.json', detailed(1.5));
    const slow = await compare('detailed.json', 'detailed-slow.json');
    assert.match(slow.stdout, /1st chunk p95 .* slower\n/);
    assert.match(slow.stdout, /chunk gap p50 .* no difference shown\n/);
  });

  it('reads guidellm’s file, whose inter-token latency is our TPOT, and leaves out its own TPOT', async () => {
    const { code, stdout } = await compare('guidellm.json', 'a.json');
    assert.equal(code, 0);
    assert.match(stdout, /TPOT avg +9\.90ms +9\.87ms/);
    assert.match(stdout, /E2E p50 +1\.30s +1\.30s/);
    assert.match(stdout, /failed +0\.99% +0\.00%/);
    assert.match(stdout, /only in B: ITL, goodput/);
    assert.doesNotMatch(stdout, /10\.30ms/);
    assert.match(stdout.replace(/\n +/g, ' '), /llm_tpot of A: what guidellm calls inter-token latency/);
    folder.write('two.json', JSON.stringify({ benchmarks: [...GUIDELLM.benchmarks, ...GUIDELLM.benchmarks] }));
    assert.match((await compare('a.json', 'two.json')).stdout, /B {2}two\.json#1 .*\n {2}C {2}two\.json#2/);
  });

  it('reads Locust’s _stats.csv', async () => {
    const { code, stdout } = await compare('a.json', 'locust_stats.csv');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /B {2}locust_stats\.csv locust, whole run/);
    assert.match(stdout, /response p95 /);
    assert.match(stdout, /not judged/);
  });

  it('says what it cannot read', async () => {
    folder.write('empty.txt', '');
    folder.write('else.json', '{"a":1}');
    folder.write('newer.json', summaryJson(healthy).replace('"version": 1', '"version": 2'));
    folder.write('broken.json', '{"a":');
    folder.write('table.csv', 'a,b\n1,2\n');
    folder.write('damaged.json', JSON.stringify({ ...VLLM, completed: 'many' }));
    folder.write('none.json', '{"benchmarks":[]}');
    const rows: readonly (readonly [file: string, says: RegExp])[] = [
      ['missing.json', /missing\.json: it cannot be read/],
      ['empty.txt', /empty\.txt: it is empty/],
      [
        'else.json',
        /else\.json: it is no kind of file that can be compared: an object with "a"\nhint .*vllm bench serve/,
      ],
      ['newer.json', /newer\.json: it is a record of version 2/],
      ['broken.json', /broken\.json: it is not JSON/],
      ['table.csv', /table\.csv: it is no kind of file that can be compared: a table with the columns "a", "b"/],
      ['damaged.json', /damaged\.json: it is damaged; expected the JSON of vllm bench serve .*:\n +completed: /],
      ['none.json', /none\.json: it is damaged; .*:\n +benchmarks: it has no benchmark/],
    ];
    for (const [file, says] of rows) {
      const { code, stderr, stdout } = await compare('a.json', file);
      assert.deepEqual([code, stdout], [104, ''], file);
      assert.match(stderr, says);
    }
    assert.match((await compare('a.json')).stderr, /expected two files or more/);
    assert.match(
      (await compare('a.json', 'same.json', '--out', 'xml=a')).stderr,
      /"xml=a": there is no format called "xml"/,
    );
  });

  it('has clear words for runs without requests, and for those with failures only', async () => {
    folder.write('nothing.json', summaryJson(empty));
    folder.write('failing.json', summaryJson(failing));
    const { code, stdout } = await compare('a.json', 'nothing.json', 'failing.json');
    assert.equal(code, 0);
    assert.match(stdout, /B AGAINST A\n\n {4}no figure is in both/);
    assert.match(stdout, /! B has no figure that can be compared/);
    assert.match(stdout, /failed +0\.00% +100\.00% .* more\n/);
    assert.match(stdout, /! every request of C failed/);
    assert.doesNotMatch(stdout, /NaN|Infinity|undefined/);
  });

  for (const line of blocks('docs/compare.md', 'sh').flatMap((block) => block.trim().split('\n'))) {
    // Those by labels are run in compare-by.test.ts.
    if (line.includes('--by')) continue;
    it(`does what docs/compare.md says: ${line}`, async () => {
      for (const name of ['before.json', 'after.json', 'other.json']) folder.write(name, summaryJson(scaled(1)));
      const [, ...args] = line.replaceAll("'", '').split(' ');
      const { code, stderr } = await tokenswarm(args, { cwd: folder.path });
      assert.equal(code, 0, stderr);
    });
  }

  it('writes all of it as JSON', async () => {
    await compare('a.json', 'slow.json', '--out', 'json=out/compare.json', '--fail-if', 'llm_ttft:med>10%');
    const { schema, runs, rows, conditions } = JSON.parse(readFileSync(join(folder.path, 'out/compare.json'), 'utf8'));
    assert.deepEqual([schema, runs.length], ['tokenswarm/comparison', 2]);
    const row = rows.find(({ metric, key }: { metric: string; key: string }) => metric === 'llm_ttft' && key === 'med');
    assert.equal(row.changes.B.word, 'slower');
    assert.ok(Math.abs(row.changes.B.ratio - 1.3) < 1e-6);
    assert.deepEqual([conditions[0].run, conditions[0].crossed], ['B', true]);
  });

  it('draws the runs over one another on a page', async function () {
    const browser = await startBrowser();
    if (!browser) {
      console.log('      skipped: there is no chromium on this machine (apt-get install chromium)');
      return this.skip();
    }
    try {
      const args = ['a.json', 'slow.json', 'strange.json', 'guidellm.json', '--out', 'html=compare.html'];
      assert.equal((await compare(...args)).code, 0);
      const page = await browser.newPage({ viewport: { width: 360, height: 800 } });
      const wrong: string[] = [];
      page.on('console', (message) => wrong.push(message.text()));
      page.on('pageerror', (error) => wrong.push(error.message));
      page.on('request', (request) => !/^(file|data):/.test(request.url()) && wrong.push(request.url()));
      await page.goto(pathToFileURL(join(folder.path, 'compare.html')).href);
      assert.deepEqual(wrong, []);
      assert.ok(Number(await page.evaluate(`document.querySelectorAll('.plot canvas').length`)) > 2);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0);
      assert.match((await page.locator('main').textContent()) ?? '', /<img src=x onerror=alert\(1\)>/);
    } finally {
      await browser.close();
    }
  }).timeout(60_000);
});
