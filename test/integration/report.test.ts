import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FORMATS } from '../../reporters/formats.js';
import { summaryJson } from '../../reporters/json.js';
import { TEXT_SUMMARIES } from '../../reporters/text-summaries.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { virtualTime } from '../support/virtual-time.js';
import { healthy } from '../unit/reporters/summaries.js';

/** Two names, a check and a threshold, one request in five refused. */
const SCENARIO = `import { chat, check } from 'tokenswarm';
  export const options = { thresholds: { llm_ttft: ['p(95)<60000'], llm_failed: ['rate<0.01'] } };
  export default async function () {
    const answer = await chat({ messages: 'why?', name: 'a "quoted", name' });
    check(answer, { 'it =answers': ({ ok }) => ok });
    await chat({ messages: 'how?', model: 'sim-429-p20', name: '<b>often</b>' });
  }`;

/** Formats that are made of the record alone. */
const AGAIN = FORMATS.filter(({ open, details }) => !open && !details);

describe('tokenswarm report', () => {
  const folder = testFolder();
  const time = virtualTime();
  it('makes every report of a run again from its JSON, to the byte', async () => {
    const scenario = folder.write('mixed.ts', SCENARIO);
    const target = ['--base-url', time.url, '--model', 'sim-ttft5-itl1-len10'];
    const outs = (to: string) => AGAIN.flatMap(({ name }) => ['--out', `${name}=${join(folder.path, to, name)}`]);
    const ran = await tokenswarm(['run', scenario, ...target, '-u', '2', '-i', '20', '--quiet', ...outs('then')], {
      time,
    });
    assert.equal(ran.code, 99, ran.stderr);
    const file = join(folder.path, 'then', 'json');
    const again = await tokenswarm(['report', file, '--summary', 'text', ...outs('now')]);
    assert.equal(again.code, 0, again.stderr);
    assert.equal(again.stdout, ran.stdout);
    for (const { name, files } of AGAIN) {
      for (const { suffix } of files) {
        const [then, now] = ['then', 'now'].map((to) => readFileSync(join(folder.path, to, `${name}${suffix}`)));
        assert.ok(then?.equals(now as Buffer), `${name}${suffix}`);
      }
    }
  });

  it('makes vLLM’s file of a record too, without the times of single requests', async () => {
    const scenario = folder.write('vllm.ts', SCENARIO);
    const target = ['--base-url', time.url, '--model', 'sim-ttft5-itl1-len10'];
    const at = (name: string) => join(folder.path, name);
    const outs = [
      '--out',
      `vllm=${at('ran.vllm')}`,
      '--out',
      `vllm:detailed=${at('long.vllm')}`,
      '--out',
      `json=${at('run.json')}`,
    ];
    await tokenswarm(['run', scenario, ...target, '-u', '2', '-i', '20', '--quiet', ...outs], { time });
    await tokenswarm(['report', at('run.json'), '--out', `vllm=${at('made.vllm')}`]);
    const [ran, long, made] = ['ran.vllm', 'long.vllm', 'made.vllm'].map((name) => {
      return JSON.parse(readFileSync(at(name), 'utf8')) as Readonly<Record<string, unknown>>;
    });
    for (const [key, value] of Object.entries(ran!)) assert.deepEqual(long![key], value, key);
    assert.equal((ran!.latencies as readonly number[]).length, 40);
    assert.deepEqual(
      Object.keys(ran!).filter((key) => !(key in made!)),
      ['latencies', 'queue_times'],
    );
    assert.deepEqual([ran!.percentile_source, made!.percentile_source], ['samples', 'histogram']);
    assert.ok(Math.abs(Number(made!.mean_ttft_ms) / Number(ran!.mean_ttft_ms) - 1) < 0.001);
  });

  it('prints the summary unless reports alone were asked for', async () => {
    const file = folder.write('healthy.json', summaryJson(healthy));
    assert.match((await tokenswarm(['report', file])).stdout, /LATENCY/);
    assert.equal((await tokenswarm(['report', file, '--out', `json=${folder.path}/copy.json`])).stdout, '');
    assert.deepEqual(folder.summary('copy.json'), folder.summary('healthy.json'));
    for (const { name } of TEXT_SUMMARIES) {
      assert.equal((await tokenswarm(['report', file, '--summary', name])).code, 0, name);
    }
  });

  it('marks the record of a run that did not end as partial', async () => {
    const running = { ...healthy, run: { ...healthy.run, outcome: 'running', seconds: 12.5 } } as const;
    const file = folder.write('killed.journal', summaryJson(running));
    const { code, stdout } = await tokenswarm(['report', file, '--out', `json=${folder.path}/partial.json`]);
    assert.deepEqual([code, stdout], [0, '']);
    const { run, quality } = folder.summary('partial.json');
    assert.deepEqual(run.missing, ['everything later than 12.5 s into the load']);
    assert.deepEqual([run.outcome, run.exitCode, quality.verdict], ['interrupted', 105, 'suspect']);
  });

  const bad: readonly (readonly [what: string, content: string, message: RegExp])[] = [
    ['an empty file', ' \n', /it is empty\nhint .*\.journal/],
    ['no JSON', '# Changelog', /it is not JSON: /],
    ['half a record', summaryJson(healthy).slice(0, 3000), /it is not JSON: /],
    ['a list', '[]', /it is JSON of another kind/],
    ['null', 'null', /it is JSON of another kind/],
    ['another tool', '{"date": "20260821", "total_output": 3}', /it is JSON of another kind, not the record of a run/],
    [
      'another version',
      summaryJson(healthy).replace('"version": 1', '"version": 2'),
      /it is a record of version 2, written by tokenswarm \d.*; this tokenswarm reads version 1\nhint /,
    ],
    [
      'a damaged record',
      JSON.stringify({ ...healthy, checks: 1, run: { ...healthy.run, seconds: '1' } }),
      /it is a damaged record:\n +run\.seconds: .*\n +checks: /,
    ],
  ];
  for (const [what, content, message] of bad) {
    it(`refuses ${what}`, async () => {
      const file = folder.write('bad.json', content);
      const { code, stderr, stdout } = await tokenswarm(['report', file]);
      assert.deepEqual([code, stdout], [104, '']);
      assert.match(stderr, message);
      assert.ok(stderr.startsWith(`error ${file}: `), stderr);
    });
  }

  it('refuses formats that need every request', async () => {
    const file = folder.write('healthy.json', summaryJson(healthy));
    const { code, stderr } = await tokenswarm(['report', file, '--out', 'requests=a.csv']);
    assert.equal(code, 104);
    assert.match(stderr, /--out: "requests=a.csv" needs every request, and can be written only while a run goes on/);
  });

  it('refuses a file that is not there, and a folder', async () => {
    for (const path of ['nowhere.json', '.']) {
      const { code, stderr } = await tokenswarm(['report', join(folder.path, path)]);
      assert.equal(code, 104);
      assert.match(stderr, /it is a folder|there is no such file/);
    }
  });
});
