import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { type LogRecord, type Reporter, run } from '../../engine/index.js';
import { LLM_FIGURES } from '../../engine/metrics/catalogue.js';
import { k6Json } from '../../reporters/k6-json.js';
import { requestLog } from '../../reporters/request-log.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { runToEnd, settings } from '../support/run.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

const ODD = '=1+1, "two"\n<b>\u202e';

/** LLM requests, a refused one too, a plain one, and custom samples. */
const MIXED = `import { chat, check, Counter, group, http, Trend } from 'tokenswarm';
  const seen = new Counter('seen');
  const size = new Trend('size');
  export default async function () {
    const answer = await group('talk', () => chat({ messages: 'why?', name: ${JSON.stringify(ODD)}, tags: { colour: 'red' } }));
    check(answer, { answers: ({ ok }) => ok });
    await chat({ messages: 'how?', model: 'sim-429' });
    await http.get('/health');
    seen.add(2, { colour: 'blue' });
    size.add(3.5);
  }`;

interface Line {
  readonly type: 'Metric' | 'Point';
  readonly metric: string;
  readonly data: {
    readonly time: string;
    readonly value: number;
    readonly tags: Record<string, string>;
    readonly metadata: object;
  };
}

describe('logs of requests', () => {
  const folder = testFolder();
  let simulator: Simulator;
  let scenario = '';

  before(async () => {
    simulator = await sharedSimulator();
    scenario = folder.write('mixed.ts', MIXED);
  });
  const given = (reporters: readonly Reporter[]) =>
    settings(simulator.url, { vus: 3, iterations: 30, workers: 2, reporters });

  it('have every request of the summary, in every form at once', async () => {
    const paths = ['a.jsonl.gz', 'a.csv', 'a.ndjson'].map((name) => `${folder.path}/${name}`) as [
      string,
      string,
      string,
    ];
    const [jsonl, csv, ndjson] = paths;
    const gaps = new Set(['gaps']);
    const sinks = [requestLog('jsonl', jsonl, gaps), requestLog('csv', csv, new Set()), k6Json('k6', ndjson)];
    const { metrics, warnings, run: ran } = await runToEnd(scenario, given(sinks));
    assert.deepEqual(warnings, []);
    const lines = gunzipSync(readFileSync(jsonl))
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(lines.length, 90);
    const [llm, http] = ['llm', 'http'].map((kind) => lines.filter((line) => line.kind === kind)) as [never[], never[]];
    assert.equal(llm.length, metrics.llm_requests?.windows.whole?.count);
    assert.equal(http.length, metrics.http_reqs?.windows.whole?.count);
    const good = lines.filter(({ name }) => name === ODD);
    assert.equal(good.length, 30);
    for (const line of good) {
      assert.ok(line.scheduled_at <= line.sent_at && line.sent_at < line.headers_at, 'in order');
      assert.ok(line.headers_at <= line.first_token_at && line.first_token_at <= line.last_token_at);
      assert.ok(line.last_token_at <= line.ended_at);
      assert.ok(Math.abs(line.ttft - (line.first_token_at - line.sent_at)) < 1e-5);
      assert.deepEqual([line.output_tokens, line.chunks, line.gaps.length], [5, 5, 4]);
      const sum = line.gaps.reduce((all: number, gap: number) => all + gap, 0);
      assert.ok(Math.abs(sum - (line.last_token_at - line.first_token_at)) < 1e-4);
      assert.ok(Math.abs(Date.parse(line.time) - Date.parse(ran.startedAt) - line.sent_at) < 2);
      assert.equal(line.group, '::talk');
      assert.equal(line.tags.colour, 'red');
    }
    assert.deepEqual([...new Set(lines.map(({ worker }) => worker))].toSorted(), [0, 1]);
    assert.deepEqual([...new Set(lines.map(({ vu }) => vu))].toSorted(), [1, 2, 3]);
    const failed = lines.filter(({ failure }) => failure);
    assert.ok(failed.length >= 30);
    assert.deepEqual([failed[0].failure.kind, failed[0].status], ['http_status', 429]);

    const rows = parse(readFileSync(csv), { columns: true }) as Record<string, string>[];
    assert.equal(rows.length, 90);
    assert.equal(rows.filter(({ name }) => name === `'${ODD}`).length, 30, 'a formula is quoted');
    const [row] = rows.filter(({ name }) => name?.includes('two'));
    const [twin] = lines.filter(({ sent_at }) => String(sent_at) === row?.sent_at);
    assert.deepEqual([row?.ttft, row?.status, row?.gaps], [String(twin.ttft), '200', undefined]);
    assert.deepEqual(JSON.parse(row?.tags ?? ''), twin.tags);

    const points = readFileSync(ndjson, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const metricsTold = new Set<string>();
    for (const { type, metric } of points) {
      if (type === 'Metric') assert.ok(!metricsTold.has(metric), 'once');
      else assert.ok(metricsTold.has(metric), 'before its first point');
      metricsTold.add(metric);
    }
    const sum = (metric: string) =>
      points
        .filter((line) => line.type === 'Point' && line.metric === metric)
        .reduce((all, { data }) => all + data.value, 0);
    for (const gauge of ['vus', 'vus_max']) assert.ok(metricsTold.has(gauge), gauge);
    const sent = points.find(({ type, metric }) => type === 'Point' && metric === 'data_sent') as Line;
    assert.deepEqual(
      Object.keys(sent.data.tags).filter((tag) => ['name', 'url', 'status'].includes(tag)),
      [],
    );
    const counters = ['llm_requests', 'http_reqs', 'iterations', 'seen', 'data_sent', 'data_received'];
    for (const counter of counters) assert.equal(sum(counter), metrics[counter]?.windows.whole?.count, counter);
    for (const { metric } of LLM_FIGURES) assert.equal(metricsTold.has(metric), metrics[metric] !== undefined, metric);
    assert.equal(sum('checks'), 30);
    assert.equal(sum('llm_failed'), 30);
    assert.ok(Math.abs(sum('size') - 105) < 1e-9);
    const { data } = points.find(({ type, metric }) => type === 'Point' && metric === 'llm_ttft') as Line;
    assert.deepEqual(Object.keys(data), ['time', 'value', 'tags', 'metadata']);
    assert.equal(data.tags.name, ODD);
  });

  it('lose records, never load, where a reporter hangs', async function () {
    this.timeout(60_000);
    const stuck: Reporter = {
      name: 'stuck',
      details: { gaps: true, samples: true },
      onRecords: () => new Promise(() => undefined),
      onLastRecord: () => new Promise(() => undefined),
    };
    const taken: LogRecord[] = [];
    const samples = folder.write(
      'samples.ts',
      `import { Counter, sleep } from 'tokenswarm';
       const seen = new Counter('seen');
       export default async function () {
         for (let i = 0; i < 1000; i += 1) seen.add(1);
         await sleep(0.001);
       }`,
    );
    const { metrics, warnings } = await runToEnd(
      samples,
      { ...given([stuck]), iterations: 60, workers: 1 },
      { logging: 300 },
    );
    assert.equal(metrics.seen?.windows.whole?.count, 60_000);
    assert.ok(
      warnings.some((text) => /could not be logged within 0.3 s/.test(text)),
      warnings.join(),
    );
    const missed = warnings.map((text) => /^stuck: (\d+) records are missing/.exec(text)?.[1]).find(Boolean);
    assert.ok(Number(missed) > 40_000 && Number(missed) < 45_000, `${missed} of ${60_000 + taken.length}`);
  });

  it('are warned of once when the disk is full, and the run goes on', async () => {
    const other = `${folder.path}/other.jsonl`;
    const outs = ['--out', 'k6-json=/dev/full', '--out', `requests=${other}`, '--out', `json=${folder.path}/full.json`];
    const target = ['--base-url', simulator.url, '--model', 'sim-ttft5-itl1-len5'];
    const { code, stdout, stderr } = await tokenswarm(['run', scenario, ...target, '-u', '2', '-d', '3s', ...outs]);
    assert.equal(code, 0, stderr);
    assert.equal(stderr.match(/k6-json=\/dev\/full cannot be written any more: ENOSPC/g)?.length, 1, stderr);
    const { warnings, run: ran, metrics } = folder.summary('full.json');
    assert.ok(
      warnings.some((text) => /k6-json=\/dev\/full: \d+ records are missing/.test(text)),
      warnings.join(),
    );
    assert.match(stdout.replace(/\s+/g, ' '), /cannot be written any more/);
    assert.equal(ran.outcome, 'completed');
    const written = readFileSync(other, 'utf8').trimEnd().split('\n').length;
    const asked = (metrics.llm_requests?.windows.whole?.count ?? 0) + (metrics.http_reqs?.windows.whole?.count ?? 0);
    assert.ok(written >= asked, 'with those that were in flight at the end');
  });

  it('create no file where the load never starts', async () => {
    const sink = requestLog('never', `${folder.path}/never.jsonl`, new Set());
    await assert.rejects(run(scenario, { ...given([sink]), iterations: 0 }).summary);
    assert.throws(() => readFileSync(`${folder.path}/never.jsonl`), /ENOENT/);
  });

  it('have only a header where no request was sent', async () => {
    const idle = folder.write('idle.ts', 'export default function () {}');
    const path = `${folder.path}/idle.csv`;
    await runToEnd(
      idle,
      settings(undefined, { vus: 1, iterations: 1, reporters: [requestLog('idle', path, new Set())] }),
    );
    assert.match(readFileSync(path, 'utf8'), /^kind,time,worker,[^\n]*,tags\n$/);
  });
});
