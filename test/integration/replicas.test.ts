import assert from 'node:assert/strict';
import type { MetricSummary } from '../../engine/metrics/snapshot.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { runToEnd, settings } from '../support/run.js';
import { forkSimulator, type SimulatorChild } from '../support/simulator.js';

const hostOf = (url: string) => new URL(url).host;

describe('a run against several servers', () => {
  const folder = testFolder();
  let fast: SimulatorChild;
  let slow: SimulatorChild;

  before(async () => {
    fast = await forkSimulator('--ttft', '5', '--itl', '1', '--tokens', '5');
    slow = await forkSimulator('--ttft', '600', '--itl', '1', '--tokens', '5');
  });

  after(() => {
    fast.stop();
    slow.stop();
  });

  /** The values of each server that a metric was split into. */
  const byTarget = (metric: MetricSummary | undefined) =>
    Object.fromEntries(
      (metric?.series ?? []).flatMap(({ tags, values }) => (tags.target ? [[tags.target, values]] : [])),
    );

  it('sends them equal numbers of requests over all workers, and splits the figures', async () => {
    const [a, b] = [hostOf(fast.url), hostOf(slow.url)];
    const file = folder.write(
      'even.ts',
      `import { chat } from 'tokenswarm';
       export const options = {
         baseUrls: ${JSON.stringify([fast.url, `${slow.url}/v1`])},
         scenarios: { each: { executor: 'per-vu-iterations', vus: 4, iterations: 4 } },
         thresholds: {
           'llm_ttft{target:${a}}': ['p(95)<500'],
           'llm_ttft{target:${b}}': ['p(95)<500'],
           'llm_requests{target:${b},name:two}': ['count==4'],
         },
       };
       export default async function () { await chat({ messages: 'hi', name: __ITER < 2 ? 'one' : 'two' }); }`,
    );
    const run = await runToEnd(file, settings(undefined, { workers: 2 }, 'sim'));
    assert.deepEqual([run.failures, run.errors], [[], []]);
    assert.deepEqual(
      run.thresholds.map(({ metric, ok }) => [metric.replace(/.*target:([^,}]+).*/, '$1'), ok]).slice(0, 2),
      [
        [a, true],
        [b, false],
      ],
    );
    const { llm_requests, llm_ttft, llm_failed, llm_output_tokens_per_second, llm_concurrency } = run.metrics;
    assert.deepEqual([byTarget(llm_requests)[a]?.count, byTarget(llm_requests)[b]?.count], [8, 8]);
    assert.ok(byTarget(llm_ttft)[a]!.med! < 500 && byTarget(llm_ttft)[b]!.min! >= 600);
    assert.equal(byTarget(llm_failed)[a]?.rate, 0);
    const speeds = Object.values(byTarget(llm_output_tokens_per_second)).map(({ value }) => value!);
    assert.equal(speeds.length, 2);
    assert.ok(Math.abs(speeds[0]! + speeds[1]! - llm_output_tokens_per_second!.values.value!) < 0.01);
    assert.equal(Object.keys(byTarget(llm_concurrency)).length, 2);
    // The split by name is of all servers together, as it always is.
    const names = llm_ttft!.series!.filter(({ tags }) => tags.name !== undefined);
    assert.deepEqual(names.map(({ tags, values }) => [tags.name, tags.target, values.count]).sort(), [
      ['one', undefined, 8],
      ['two', undefined, 8],
    ]);
    assert.deepEqual(run.target?.baseUrls, [`${fast.url}/v1`, `${slow.url}/v1`]);
    assert.equal(run.target?.baseUrl, `${fast.url}/v1, ${slow.url}/v1`);
  });

  const file = () =>
    folder.write(
      'four.ts',
      `import { chat } from 'tokenswarm';
       export const options = { vus: 1, iterations: 8 };
       export default async function () { await chat({ messages: 'hi' }); }`,
    );

  it('takes them from flags, repeated or with commas, and shows a table of them', async () => {
    const { code, stdout, stderr } = await tokenswarm(['run', file(), '--base-url', `${fast.url}, ${slow.url}`]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /█ SERVERS\n\n +requests +failed +TTFT p50 +TTFT p95 +tokens\/s\n/);
    for (const { url } of [fast, slow]) assert.match(stdout, new RegExp(`^ {4}${hostOf(url)} +4 +0 .*ms`, 'm'));
    const again = await tokenswarm(['run', file(), '--base-url', fast.url, '--base-url', slow.url]);
    assert.match(again.stdout, /█ SERVERS/);
    const alone = await tokenswarm(['run', file(), '--base-url', fast.url, '--base-url', fast.url]);
    assert.equal(alone.code, 0, alone.stderr);
    assert.doesNotMatch(alone.stdout, /█ SERVERS/);
  });

  it('distinguishes servers on one host by their whole address', async () => {
    const baseUrls = [fast.url, `${fast.url}/other`];
    const run = await runToEnd(file(), settings(undefined, { baseUrls, preflight: false }, 'sim'));
    assert.deepEqual(Object.keys(byTarget(run.metrics.llm_requests)).sort(), [`${fast.url}/other`, `${fast.url}/v1`]);
    assert.equal(byTarget(run.metrics.llm_failed)[`${fast.url}/other`]?.rate, 1);
  });

  it('counts what fails under the server that is down, and goes on with the others', async () => {
    const gone = await forkSimulator();
    gone.stop();
    await new Promise((resolve) => gone.child.once('exit', resolve));
    const baseUrls = [fast.url, gone.url, `${slow.url}/v1`];
    const run = await runToEnd(file(), settings(undefined, { baseUrls, preflight: false }, 'sim'));
    assert.deepEqual(
      run.failures.map(({ target, kind, count }) => [target, kind, count]),
      [[hostOf(gone.url), 'connect', 3]],
    );
    assert.equal(byTarget(run.metrics.llm_failed)[hostOf(gone.url)]?.rate, 1);
    assert.equal(byTarget(run.metrics.llm_requests)[hostOf(slow.url)]?.count, 2);
    assert.equal(byTarget(run.metrics.llm_ttft)[hostOf(gone.url)], undefined);
  });

  it('is refused before the load with the name of the server that does not answer, or has another model', async () => {
    const gone = await forkSimulator();
    gone.stop();
    await new Promise((resolve) => gone.child.once('exit', resolve));
    const { code, stderr } = await tokenswarm(['run', file(), '--base-url', `${fast.url},${gone.url}`]);
    assert.equal(code, 104);
    assert.match(stderr, new RegExp(`${hostOf(gone.url)}/v1: the server cannot be reached`));
    const twoWays = folder.write(
      'two.ts',
      `export const options = { baseUrl: 'http://a', baseUrls: ['http://b'] };
       export default function () {}`,
    );
    assert.match((await tokenswarm(['run', twoWays])).stderr, /baseUrls: excludes baseUrl/);
    const none = folder.write('none.ts', 'export const options = { baseUrls: [] }; export default function () {}');
    assert.match((await tokenswarm(['run', none])).stderr, /baseUrls: expected a list of at least one URL, got \[\]/);
  });

  it('tries the first of them', async () => {
    const { code, stdout, stderr } = await tokenswarm(['try', file(), '--base-url', `${slow.url},${fast.url}`]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /TTFT/);
  });
});
