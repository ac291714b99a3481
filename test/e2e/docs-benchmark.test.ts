import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Summary } from '../../engine/metrics/snapshot.js';
import { summaryJson } from '../../reporters/index.js';
import { STUDY } from '../study/study-plan.js';
import { studyRuns } from '../study/study-runs.js';
import { ROOT, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { namedBlocks, wordsOf } from '../support/page.js';
import { VirtualServers } from '../support/virtual-servers.js';
import { virtualTime } from '../support/virtual-time.js';

/** Pages that go through a study; both have the same one. */
const PAGES = ['docs/benchmark.md', 'README.zh-CN.md'];

/** Line of the answer, but for the price of a token. */
const ANSWER = /^ {2}[✓!] (Qwen\S+: \d+ replicas? of h\d+, TP 1: \d+ cards?, \S+ CNY an hour), (\S+) CNY per million/m;

describe('a study step by step', () => {
  const folder = testFolder();
  const time = virtualTime();
  const servers = new VirtualServers(time);
  const said = new Map<string, string>();
  const studies = PAGES.map((page) => commandsOf(page).filter((command) => !command.includes('my-test.ts')));
  const page = readFileSync(join(ROOT, 'docs/benchmark.md'), 'utf8');

  before(async () => {
    symlinkSync(join(ROOT, 'scenarios'), join(folder.path, 'scenarios'));
    await servers.install(folder);
    for (const [name, content] of namedBlocks('docs/benchmark.md')) folder.write(name, content);
  });
  after(() => servers.close());

  /** Output of the page's command that begins so. */
  function output(beginning: string): string {
    const found = [...said].find(([command]) => command.startsWith(`npx tokenswarm ${beginning}`));
    return found?.[1] ?? '';
  }

  it('is the same in English and in Chinese', () => {
    assert.ok((studies[0]?.length ?? 0) >= 6);
    assert.deepEqual(studies[1], studies[0]);
  });

  for (const command of studies[0] ?? []) {
    it(`works as written: ${command.slice(0, 90)}…`, async function () {
      this.timeout(240_000);
      const args = wordsOf(command).slice(2);
      if (args.includes('--server')) args.push('--base-url', servers.url);
      const path = `${folder.path}:${process.env.PATH}`;
      const { code, stdout, stderr } = await tokenswarm(args, { cwd: folder.path, env: { PATH: path }, time });
      assert.equal(code, 0, stdout + stderr);
      said.set(command, stdout);
      const html = args.find((arg) => arg.startsWith('html='))?.slice('html='.length);
      if (html) assert.ok(existsSync(join(folder.path, html)));
    });
  }

  it('has valid numbers in every run', () => {
    const records = ['latency', 'throughput', 'capacity'].flatMap((kind) => {
      const place = join(folder.path, 'results', kind);
      return readdirSync(place, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.json') && !name.endsWith('sweep.json'))
        .map((name) => [join(kind, name), JSON.parse(readFileSync(join(place, name), 'utf8')) as Summary] as const);
    });
    assert.ok(records.length >= 12, String(records.length));
    for (const [name, { quality }] of records) {
      assert.deepEqual([name, ...quality.reasons], [name]);
      assert.notEqual(quality.verdict, 'invalid', name);
    }
  });

  it('marks what its samples cannot bound', () => {
    assert.match(output('compare results/latency'), /\dms\*/);
    assert.match(output('compare results/latency'), /\* too few samples for bounds/);
  });

  it('finds the capacity that the page names', () => {
    assert.match(page, /an H20 is within the objective at 24 users and no longer at 48/);
    assert.match(output('capacity'), /PEAK_USERS=24 is the most that meets the objectives; 48 does not: llm_tpot/);
  });

  it('ends with the answer that the page shows, and that of the study', async () => {
    const advice = output('advise');
    const [shown, found] = [ANSWER.exec(page), ANSWER.exec(advice)];
    assert.equal(found?.[1], shown?.[1], advice);
    assert.ok(Math.abs(Number(found?.[2]) / Number(shown?.[2]) - 1) < 0.1, advice);
    assert.match(advice, /h20, TP 1 +4 +4 +36\.00 CNY/);
    const prompts = { file: join(ROOT, 'scenarios/data/prompts.zh.jsonl'), sample: 500 };
    const plan = {
      ...STUDY,
      cards: ['h800', 'h20'],
      models: ['qwen2.5-14b'],
      tensorParallel: [1],
      users: [8, 32, 128],
    };
    for (const { kind, file, record } of studyRuns({ ...plan, hold: '2m', latencyPrompts: 1, prompts })) {
      if (kind === 'throughput') folder.write(join('study', file), summaryJson(record, 0));
    }
    const command = studies[0]?.find((each) => each.startsWith('npx tokenswarm advise')) ?? '';
    const args = wordsOf(command.replace('results/throughput', 'study')).slice(2);
    const { stdout } = await tokenswarm(args, { cwd: folder.path });
    assert.equal(ANSWER.exec(stdout.replace('H800 SXM', 'h800'))?.[1], found?.[1], stdout);
  }).timeout(120_000);
});

function commandsOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const found = [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) => block.trim().split('\n'));
  return found.filter((command) => command.startsWith('npx tokenswarm '));
}
