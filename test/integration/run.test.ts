import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { Snapshot, Summary } from '../../engine/index.js';
import { summaryJson } from '../../reporters/index.js';
import { ROOT } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { whole } from '../support/scripts.js';
import { virtualTime } from '../support/virtual-time.js';

const validate = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync(join(ROOT, 'reporters/summary.schema.json'), 'utf8')),
);

describe('a run', () => {
  const folder = testFolder();
  const time = virtualTime();

  it('carries a scenario through its life: setup, users with variables of their own, teardown', async () => {
    const file = folder.write(
      'life.ts',
      `import { chat, check, Counter, exec, Gauge, Rate, sleep, Trend } from 'tokenswarm';
       import { appendFileSync } from 'node:fs';
       export const options = { scenarios: { talk: { executor: 'per-vu-iterations', vus: 3, iterations: 4, exec: 'talk' } } };
       const turns = new Counter('turns'), last = new Gauge('last'), odd = new Rate('odd'), words = new Trend('words');
       let mine = 0;
       export function setup() { check(1, { 'set up': (v) => v === 1 }); return { list: [1] }; }
       export async function talk(data: { list: number[] }) {
         data.list.push(2);
         const answer = await chat({ messages: 'hi', name: 'greeting' });
         mine += 1;
         turns.add(1); last.add(mine); odd.add(mine % 2); words.add(0.5);
         check(answer, { 'own copy': () => data.list.length === 2, 'own count': () => mine === __ITER + 1, 'id': () => __VU === exec.vu.idInTest });
         appendFileSync('${folder.path}/ids', exec.scenario.iterationInTest + '\\n');
         await sleep(0.001);
       }
       export function teardown(data: { list: number[] }) { check(data, { 'torn down': (d) => d.list.length === 1 }); }`,
    );
    const summary = await time.runToEnd(file, settings(time.url, { workers: 2 }));
    assert.equal(summary.run.exitCode, 0);
    assert.deepEqual(summary.errors, []);
    assert.equal(whole(summary, 'iterations').count, 12);
    assert.equal(whole(summary, 'turns').count, 12);
    const { rows, latencies } = summary.locust;
    assert.deepEqual(
      rows.map(({ method, name, times, failures }) => [method, name, times.count, failures]),
      [['POST', 'greeting', 12, 0]],
    );
    assert.equal(latencies.ttft?.count, 12);
    assert.equal(latencies.itl?.count, whole(summary, 'llm_itl').count);
    assert.ok((rows[0]?.times.min ?? 0) >= (latencies.e2e?.min ?? 0), 'it lasts until the last byte');
    assert.ok((rows[0]?.bytes ?? 0) > 12 * 100);
    assert.deepEqual([whole(summary, 'last').value, whole(summary, 'last').max], [4, 4]);
    assert.equal(whole(summary, 'odd').rate, 0.5);
    assert.equal(whole(summary, 'words').avg, 0.5);
    const checks = summary.checks.map(({ name, passes, fails }) => [name, passes, fails]);
    assert.deepEqual(
      checks.sort(),
      [
        ['id', 12, 0],
        ['own copy', 12, 0],
        ['own count', 12, 0],
        ['set up', 1, 0],
        ['torn down', 1, 0],
      ].sort(),
    );
    const ids = readFileSync(join(folder.path, 'ids'), 'utf8').trim().split('\n').map(Number);
    assert.equal(new Set(ids).size, 12, 'every iteration has a number of its own');
  });

  it('gives a document that its schema accepts, with every metric of the model', async () => {
    const file = folder.write(
      'schema.ts',
      `import { chat } from 'tokenswarm';
       export const options = { vus: 2, iterations: 6, thresholds: { 'llm_e2e{name:b}': ['p(95)<5000'], llm_good: ['rate==1'] } };
       export default async function () {
         await chat({ messages: 'hi', name: __ITER % 2 ? 'a' : 'b', slo: { ttft: 1000 } });
         if (__ITER === 0) await chat({ messages: 'hi', model: 'no such model', name: 'wrong' });
       }`,
    );
    const summary = await time.runToEnd(file, settings(time.url, { labels: { gpu: 'none' } }));
    const document = JSON.parse(summaryJson(summary)) as Summary;
    assert.ok(validate(document), JSON.stringify(validate.errors, null, 1));
    for (const metric of [
      'llm_ttft',
      'llm_ttft_chunk',
      'llm_ttft_answer',
      'llm_ttft_scheduled',
      'llm_tpot',
      'llm_tpot_chunk',
      'llm_itl',
      'llm_chunk_gap',
      'llm_e2e',
      'llm_e2e_scheduled',
      'llm_queue',
      'llm_input_tokens',
      'llm_output_tokens',
      'llm_requests',
      'llm_failed',
      'llm_good',
      'llm_concurrency',
      'llm_output_tokens_per_second',
      'llm_total_tokens_per_second',
      'llm_output_characters_per_second',
      'llm_requests_per_second',
      'llm_requests_per_minute',
      'llm_user_tokens_per_second',
      'vus',
      'vus_max',
      'iterations',
      'iteration_duration',
      'data_sent',
      'data_received',
      'llm_e2e{name:b}',
    ]) {
      assert.ok(document.metrics[metric], `${metric} is missing`);
    }
    assert.deepEqual(Object.keys(document.metrics.llm_ttft?.values ?? {}).sort(), [
      'avg',
      'count',
      'max',
      'med',
      'min',
      'p(75)',
      'p(90)',
      'p(95)',
      'p(99)',
      'p(99.9)',
      'stddev',
    ]);
    assert.deepEqual(document.metrics.llm_ttft?.series?.map(({ tags }) => tags.name).sort(), ['a', 'b']);
    const { histogram } = document.metrics.llm_itl ?? {};
    assert.equal(
      histogram?.counts.reduce((sum, count) => sum + count, 0),
      document.metrics.llm_itl?.values.count,
    );
  });

  it('interrupts what still runs when the time and the grace are over, and counts it apart', async () => {
    const file = folder.write(
      'grace.ts',
      `import { chat } from 'tokenswarm';
       export const options = { scenarios: { a: { executor: 'constant-vus', vus: 4, duration: '1s', gracefulStop: '200ms' } } };
       export default async function () { await chat({ messages: 'hi' }); }`,
    );
    const summary = await time.runToEnd(file, settings(time.url, {}, 'sim-ttft10-itl100-len100'));
    assert.equal(summary.requests.censored, 4);
    assert.equal(whole(summary, 'interrupted_iterations').count, 4);
    assert.equal(summary.metrics.llm_requests, undefined);
    assert.ok(summary.run.seconds > 1.1 && summary.run.seconds < 2.5, `${summary.run.seconds} s`);
    assert.ok(Math.abs((summary.windows.steady?.to ?? 0) - 1) < 0.01);
    // Tokens that arrived have arrived, whatever became of their request.
    assert.ok((whole(summary, 'llm_output_tokens_per_second').value ?? 0) > 10);
  });

  it('reports steady state and ramp apart', async () => {
    const file = folder.write(
      'steady.ts',
      `import { chat, peakUsers } from 'tokenswarm';
       export const options = {
         scenarios: { peak: peakUsers(6, { ramp: '1s', hold: '2s' }) },
         thresholds: { 'llm_ttft{name:chat,window:whole}': ['avg>0'] },
       };
       export default async function () { await chat({ messages: 'hi' }); }`,
    );
    const summary = await time.runToEnd(file, settings(time.url, { workers: 2 }, 'sim-ttft10-itl2-len20'));
    assert.deepEqual([summary.windows.headline, summary.windows.steady?.from], ['steady', 1]);
    const { steady, whole: all } = summary.metrics.llm_ttft?.windows ?? {};
    assert.ok(steady && all && (steady.count ?? 0) < (all.count ?? 0) && (steady.count ?? 0) > 60);
    assert.deepEqual(summary.metrics.llm_ttft?.values, steady);
    assert.deepEqual(summary.metrics['llm_ttft{name:chat,window:whole}']?.values, all);
    assert.ok(summary.intervals.length >= 2);
    assert.ok((summary.intervals[1]?.vus ?? 0) >= 5);
  });

  it('shows a snapshot a second while it runs, and a last one that is done', async () => {
    const file = folder.write(
      'watched.ts',
      `import { chat } from 'tokenswarm';
       export const options = { vus: 2, duration: '3s', thresholds: { llm_ttft: ['avg<1000'] } };
       export default async function () { await chat({ messages: 'hi' }); }`,
    );
    const snapshots: Snapshot[] = [];
    await time.runToEnd(file, settings(time.url), (snapshot) => snapshots.push(snapshot));
    // Seconds are shown once the workers have reported them.
    assert.deepEqual(
      snapshots.map(({ elapsed }) => elapsed),
      [0, 1250, 2250, 3006],
    );
    const during = snapshots[1];
    assert.deepEqual([during?.state, during?.vus, during?.maxVus], ['running', 2, 2]);
    assert.ok((during?.interval?.outputTokens ?? 0) > 50);
    assert.ok((during?.totals.requests ?? 0) > 20);
    assert.equal(snapshots.at(-1)?.state, 'done');
    assert.deepEqual(
      snapshots[0]?.thresholds.map(({ source, samples }) => [source, samples]),
      [['avg<1000', 0]],
    );
    assert.equal(snapshots.at(-1)?.thresholds[0]?.ok, true);
  });
});
