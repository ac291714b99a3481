import assert from 'node:assert/strict';
import { summaryJson } from '../../reporters/json.js';
import { statsCsv } from '../../reporters/locust/csv.js';
import { vllmJson } from '../../reporters/vllm/json.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { healthy, troubled } from '../unit/reporters/summaries.js';
import { GUIDELLM, scaled, VLLM } from './compared-files.js';

describe('a file to compare', () => {
  const folder = testFolder();
  const compare = (...args: readonly string[]) => tokenswarm(['compare', ...args], { cwd: folder.path });

  before(() => {
    folder.write('a.json', summaryJson(scaled(1)));
    folder.write('same.json', summaryJson(scaled(1.01)));
    folder.write('vllm.json', JSON.stringify(VLLM));
    folder.write('guidellm.json', JSON.stringify(GUIDELLM));
    folder.write('locust_stats.csv', statsCsv(troubled, true));
  });

  it('may be of vllm bench serve, and is read by its rules', async () => {
    folder.write('own-vllm.json', vllmJson(healthy));
    const { code, stdout } = await compare('vllm.json', 'a.json');
    assert.equal(code, 0);
    assert.match(stdout, /A {2}vllm\.json +vllm, whole run/);
    assert.match(stdout, /tokens\/s +512 /);
    assert.match(stdout, /failed +4\.76% +0\.00%/);
    // Our fixture has no figure by the rule of the first chunk: both are shown, each with its rule, and not judged.
    assert.match(stdout, /TTFT avg +61\.00ms +61\.20ms +\+0\.3% +not judged/);
    assert.match(stdout, /only in B: TTFT p95, TPOT p50/);
    const read = stdout.replace(/\n {6}/g, ' ');
    assert.match(read, /llm_ttft of A: to the first chunk, though it may be empty/);
    assert.match(read, /llm_ttft of B: to the first event with output/);
    assert.match((await compare('vllm.json', 'own-vllm.json')).stdout, /B {2}own-vllm\.json +vllm/);
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

  it('may be of guidellm, whose inter-token latency is our TPOT, and whose own TPOT is left out', async () => {
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

  it('may be Locust’s _stats.csv', async () => {
    const { code, stdout } = await compare('a.json', 'locust_stats.csv');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /B {2}locust_stats\.csv +locust, whole run/);
    assert.match(stdout, /response p95 /);
    assert.match(stdout, /not judged/);
  });

  it('is refused with a reason where it cannot be read', async () => {
    folder.write('empty.txt', '');
    folder.write('else.json', '{"a":1}');
    folder.write('newer.json', summaryJson(healthy).replace('"version": 1', '"version": 2'));
    folder.write('broken.json', '{"a":');
    folder.write('table.csv', 'a,b\n1,2\n');
    folder.write('damaged.json', JSON.stringify({ ...VLLM, completed: 'many' }));
    folder.write('none.json', '{"benchmarks":[]}');
    const rows: readonly (readonly [file: string, says: RegExp])[] = [
      ['missing.json', /missing\.json: there is no such file/],
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
});
