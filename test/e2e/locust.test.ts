import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { Aggregator } from '../../engine/metrics/aggregator.js';
import type { EndedRequest } from '../../engine/metrics/locust/request-rows.js';
import { Recorder } from '../../engine/metrics/recorder.js';
import type { Summary } from '../../engine/metrics/snapshot.js';
import { locustView } from '../../engine/summary/locust-totals.js';
import { statsCsv } from '../../reporters/locust/csv.js';
import { locustText } from '../../reporters/locust/text.js';
import { ROOT, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { PYTHON, packageVersion, python } from '../support/python.js';
import { healthy } from '../unit/reporters/summaries.js';

type Row = Readonly<Record<string, string>>;

const MESSAGE = "HTTP 503: 'try' again";

/** Summary of three workers whose requests ended evenly over `seconds`. */
function summaryOf(requests: readonly EndedRequest[], seconds: number): Summary {
  const recorders = [0, 1, 2].map((worker) => new Recorder(worker, 0, { from: 0, to: 1000 * seconds }));
  requests.forEach((request, index) => {
    const at = ((index + 1) * 1000 * seconds) / requests.length;
    const recorder = recorders[index % recorders.length];
    recorder?.request(request, at);
    const { method, name } = request;
    const failure = { scenario: 'default', method, name, kind: 'http_status', status: 503, message: MESSAGE };
    if (request.failed) recorder?.failure(failure, at);
  });
  const aggregator = new Aggregator();
  for (const recorder of recorders) aggregator.apply(structuredClone(recorder.flush(1000 * seconds, [])));
  const whole = { window: { from: 0, to: 1000 * seconds }, phases: ['steady', 'outside'] } as const;
  return {
    ...healthy,
    failures: aggregator.failures,
    locust: locustView(aggregator, whole, (row) => aggregator.rowHistory.points(row)),
  };
}

const anyRequest = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  name: fc.constantFrom('/v1/chat/completions', 'a, "b"', '聊天：首轮', 'x'.repeat(90), '/'),
  failed: fc.integer({ min: 0, max: 9 }).map((tenth) => tenth === 0),
  time: fc.oneof(
    fc.double({ min: 0.01, max: 120_000, noNaN: true }),
    fc.integer({ min: 1, max: 40_000 }).map((halves) => halves / 2),
    fc.integer({ min: 1, max: 3000 }).map((fives) => fives * 5),
  ),
  bytes: fc.integer({ min: 0, max: 100_000 }),
});

describe(`beside a real Locust (of ${PYTHON})`, () => {
  let version: readonly number[] | undefined;
  before(async function () {
    this.timeout(60_000);
    version = await packageVersion('locust');
    if (version) return;
    console.log(`  ${PYTHON} has no locust, so nothing is held against it: pip install locust, or name another PYTHON`);
    this.skip();
  });

  it('writes to the byte what Locust writes of the same requests', async function () {
    this.timeout(60_000);
    const [major = 0, minor = 0] = version ?? [];
    // Before, its median was another figure than its p50, and its JSON and files had fewer columns.
    if (major < 2 || (major === 2 && minor < 47)) this.skip();
    const runs = fc.sample(fc.array(anyRequest, { minLength: 1, maxLength: 400, size: 'max' }), {
      numRuns: 12,
      seed: 7,
    });
    for (const requests of runs) {
      const seconds = Math.ceil(requests.length / 7);
      const input = JSON.stringify({ requests, seconds, message: MESSAGE });
      const { stdout, stderr } = await python([join(ROOT, 'test/support/locust/figures.py')], { input });
      assert.notEqual(stdout, '', stderr);
      const expected = JSON.parse(stdout);
      const summary = summaryOf(requests, seconds);
      assert.equal(locustText(summary, false), expected.text);
      // Sums of many fractions differ in their last digits by the order in which they were added.
      assert.deepEqual(rounded(statsCsv(summary, false)), rounded(expected.stats));
    }
  });

  it('sees of the same load on the same server what Locust sees', async function () {
    this.timeout(60_000);
    const folder = testFolder();
    const server = await startServer();
    const { port } = server.address() as AddressInfo;
    const host = `http://127.0.0.1:${port}`;
    const scenario = folder.write(
      'same.ts',
      `import { http } from 'tokenswarm';
       export default async function () {
         await http.get(__ENV.HOST + '/page?ms=300', { tags: { name: 'page' } });
         await http.post(__ENV.HOST + '/slow?ms=640', 'hello', { tags: { name: 'slow, and often refused' } });
       }`,
    );
    const locustfile = join(ROOT, 'test/support/locust/locustfile.py');
    const load = ['--headless', '-u', '8', '-r', '100', '-t', '8s', '-s', '2', '-H', host];
    const theirs = await python(
      ['-m', 'locust', '-f', locustfile, ...load, '--csv', join(folder.path, 'theirs'), '--csv-full-history'],
      { cwd: folder.path },
    );
    const csv = `locust-csv:full-history=${join(folder.path, 'ours')}`;
    const ours = await tokenswarm(['run', scenario, '-u', '8', '-d', '8s', '-q', '-e', `HOST=${host}`, '--out', csv]);
    server.close();
    assert.equal(ours.code, 0, ours.stderr);
    for (const file of ['stats', 'stats_history', 'failures', 'exceptions']) {
      const [their, our] = ['theirs', 'ours'].map((who) => headOf(join(folder.path, `${who}_${file}.csv`)));
      assert.equal(our, their, file);
    }
    const [their = [], our = []] = ['theirs', 'ours'].map((who) => rowsOf(join(folder.path, `${who}_stats.csv`)));
    const names = (rows: readonly Row[]) => rows.map(({ Type, Name }) => `${Type} ${Name}`);
    assert.deepEqual(names(our), names(their), theirs.stderr);
    for (const [index, row] of our.entries()) holdAgainst(row, their[index] ?? {});
    const failures = rowsOf(join(folder.path, 'ours_failures.csv'));
    assert.deepEqual(
      failures.map(({ Method, Name, Occurrences }) => [Method, Name, Occurrences]),
      [['POST', 'slow, and often refused', our[1]?.['Failure Count']]],
    );
  });
});

/** Share by which the medians of the same load may differ. The machine may have other things to do. */
const TOLERANCE = 0.25;

/** Asserts that two runs of one load differ no more than usual. */
function holdAgainst(our: Row, their: Row): void {
  const what = JSON.stringify({ our, their });
  const figure = (row: Row, column: string) => Number(row[column]);
  const ratio = (column: string) => figure(our, column) / figure(their, column);
  // Theirs misses the last second, and takes no user past its end.
  assert.ok(ratio('Request Count') > 0.8 && ratio('Request Count') < 1.6, what);
  assert.ok(Math.abs(ratio('Requests/s') - 1) <= TOLERANCE, what);
  // Half of all requests are the fast ones: the p50 of all is anywhere between them.
  for (const column of our.Type === '' ? ['66%', '75%'] : ['50%', '66%', '75%']) {
    assert.ok(Math.abs(ratio(column) - 1) <= TOLERANCE, `${column} ${what}`);
  }
  assert.equal(ratio('Average Content Size'), 1, what);
}

/** Server that answers after the requested time and refuses every fifth POST. */
async function startServer(): Promise<Server> {
  let posts = 0;
  const server = createServer((request, response) => {
    const ms = Number(new URL(request.url ?? '', 'http://x').searchParams.get('ms'));
    request.resume();
    if (request.method === 'POST') posts += 1;
    const status = request.method === 'POST' && posts % 5 === 0 ? 503 : 200;
    setTimeout(() => response.writeHead(status).end('x'.repeat(512)), ms);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function headOf(file: string): string | undefined {
  return readFileSync(file, 'utf8').split('\r\n')[0];
}

function rowsOf(file: string): Row[] {
  return parse(readFileSync(file, 'utf8'), { columns: true, record_delimiter: '\r\n' });
}

/** Numbers without their last digits. */
function rounded(csv: string): string {
  return csv.replace(/\d+\.\d+(e-\d+)?/g, (text) => Number(text).toPrecision(12));
}
