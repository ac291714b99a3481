import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { run as runEngine } from '../../engine/index.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { type HttpServer, startHttpServer } from '../support/http-server.js';
import { settings } from '../support/run.js';

const SCRIPT = `import http from 'k6/http';
import { Trend } from 'k6/metrics';
const took = new Trend('took', true);
export const options = { vus: 1, iterations: 2 };
export function setup() { console.warn('in setup'); http.get(__ENV.SITE + '/anything'); }
export default function () {
  took.add(http.post(__ENV.SITE + '/anything?token=abcdefghijkl', 'a=1').timings.duration, { own: 'x' });
  console.log('done', { a: 1 });
}
`;

describe('flags of k6', () => {
  const folder = testFolder();
  let server: HttpServer;

  before(async () => {
    server = await startHttpServer();
    folder.write('old.js', SCRIPT);
  });

  after(() => server.close());

  const read = (name: string) => readFileSync(`${folder.path}/${name}`, 'utf8');
  const linesOf = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const pointsIn = (name: string) => linesOf(read(name)).filter(({ type }) => type === 'Point');
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    tokenswarm(['run', 'old.js', '-q', '-e', `SITE=${server.url}`, ...args], { cwd: folder.path, env, alone: true });

  it('choose statistics, unit and tags of what is told', async () => {
    const flags = ['--summary-trend-stats=avg,p(99.5),count', '--summary-time-unit', 'ms', '--system-tags', 'status'];
    const everything = await run(['--no-summary', '-o', 'k6-json=all.ndjson']);
    assert.equal(everything.code, 0, everything.stderr);
    const requests = pointsIn('all.ndjson').filter(({ metric }) => metric === 'http_reqs');
    const own = { method: 'GET', url: `${server.url}/anything`, name: `${server.url}/anything`, status: '200' };
    const setup = { group: '::setup', ...own, proto: 'HTTP/1.1', expected_response: 'true' };
    assert.deepEqual([requests.length, requests[0]?.data.tags], [3, setup]);
    assert.ok(requests[0].data.time < requests[1]?.data.time);
    const { code, stdout, stderr } = await run([...flags, '--summary-export', 'k6.json', '-o', 'k6-json=k6.ndjson']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /http_req_duration\.*: avg=\d+\.\d\dms p\(99\.5\)=\d+\.\d\dms count=3/);
    assert.match(stdout, /took\.*: avg=\d+\.\d\dms p\(99\.5\)/);
    const { metrics, options } = JSON.parse(read('k6.json'));
    assert.deepEqual(Object.keys(metrics.took.values), ['avg', 'p(99.5)', 'count']);
    assert.equal(options.summaryTimeUnit, 'ms');
    const tagsOf = (name: string) => pointsIn('k6.ndjson').find(({ metric }) => metric === name)?.data;
    assert.deepEqual([tagsOf('http_reqs').tags, tagsOf('http_reqs').metadata], [{ status: '200' }, {}]);
    assert.deepEqual(tagsOf('took').tags, { own: 'x' });
  });

  it('send the console into a file, or as JSON to stderr, and show requests without secrets', async () => {
    await run(['--console-output', 'console.log', '--no-summary']);
    const lines = read('console.log').split('\n');
    assert.match(lines[0] ?? '', /^time="[\d:.TZ-]+" level=warning msg="in setup" source=console$/);
    assert.equal(lines.filter((line) => line.includes('level=info msg="done { a: 1 }"')).length, 2);
    const { stderr, stdout } = await run(['--no-summary'], { K6_LOG_FORMAT: 'json', K6_ITERATIONS: '1' });
    assert.equal(stdout, '');
    const said = linesOf(stderr);
    assert.deepEqual(
      said.map(({ level, msg, source }) => [level, msg, source]),
      [
        ['warning', 'in setup', 'console'],
        ['info', 'done { a: 1 }', 'console'],
      ],
    );
    const shown = await run(['--http-debug', '-i', '1', '--no-summary']);
    assert.match(
      shown.stderr,
      /> POST \S+\/anything\?token=\*\*\*\n> User-Agent: tokenswarm\n(?:> .*\n)*< HTTP\/1\.1 200/,
    );
    assert.doesNotMatch(shown.stderr, /a=1/);
    const full = await run(['--http-debug=full', '-i', '1', '--no-summary']);
    assert.match(full.stderr, /> a=1\n/);
  });

  it('are refused with what to do instead', async () => {
    const table: readonly (readonly [readonly string[], RegExp])[] = [
      [['--linger'], /'--linger'\n\(Here a run ends when it is over; --web stays/],
      [['--log-output=none'], /\(Here the console prints on stdout, or into --console-output FILE\)/],
      [['--http-debug=all'], /--http-debug: expected headers or full, got "all"/],
      [
        ['--summary-trend-stats', 'p95'],
        /--summary-trend-stats: expected a list of avg, .* or p\(N\), got \[ 'p95' \]/,
      ],
      [['--paused'], /--paused: without a dashboard or --web nothing could resume the run/],
    ];
    for (const [flags, message] of table) {
      const { code, stderr } = await run(flags);
      assert.equal(code, 104);
      assert.match(stderr, message);
    }
    const { stdout } = await run(['-i', '1'], { K6_OUT: 'json=x', K6_LINGER: 'true', K6_MINE: '1' });
    assert.match(stdout, /K6_OUT has no effect here: give --out k6-json=FILE/);
    assert.match(stdout, /K6_LINGER has no effect here/);
    assert.doesNotMatch(stdout, /K6_MINE/);
  });

  it('hold the load before setup until it is resumed', async () => {
    const waited: unknown[] = [];
    const onWait = (text: string, isPaused: boolean) => {
      waited.push(text, isPaused, server.sockets() - before);
      running.resume();
    };
    const before = server.sockets();
    const reporters = [{ name: 'waiting', onWait }];
    const given = settings(undefined, { paused: true, workers: 1, env: { SITE: server.url }, reporters });
    const running = runEngine(`${folder.path}/old.js`, given);
    const { metrics, operator } = await running.summary;
    assert.deepEqual(waited, ['paused: waiting before the load until it is resumed', true, 0]);
    assert.deepEqual([metrics.iterations?.values.count, operator], [2, undefined]);
    const stopped = runEngine(`${folder.path}/old.js`, settings(undefined, { paused: true, workers: 1 }));
    setTimeout(() => stopped.drain(), 50);
    await assert.rejects(stopped.summary, /before the load started/);
  });
});
