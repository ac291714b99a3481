import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { Summary, UserError } from '../../engine/index.js';
import { summaryJson, summaryText } from '../../reporters/index.js';
import { ROOT, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { type HttpServer, startHttpServer } from '../support/http-server.js';
import { runToEnd, settings } from '../support/run.js';

const validate = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync(join(ROOT, 'reporters/summary.schema.json'), 'utf8')),
);

function whole(summary: Summary, metric: string): Readonly<Record<string, number>> {
  return summary.metrics[metric]?.windows.whole ?? {};
}

describe('a run of plain HTTP requests', () => {
  const folder = testFolder();
  let server: HttpServer;

  before(async () => {
    server = await startHttpServer();
  });

  after(() => server.close());

  /** Runs a scenario that finds the server in its environment. */
  const runHttp = (name: string, text: string, workers = 1) =>
    runToEnd(
      folder.write(name, `import { http, check, sleep } from 'tokenswarm';\n${text}`),
      settings(undefined, { workers, env: { SITE: server.url } }),
    );

  it('counts every request of all workers once, with the times of its steps, and needs no LLM server', async () => {
    const summary = await runHttp(
      'counts.ts',
      `export const options = {
         vus: 4, iterations: 40,
         thresholds: {
           'http_req_duration{name:page}': ['p(95)<5000'], 'http_reqs{status:404}': ['count==40'], 'http_reqs{method:POST}': ['count==40'],
           'http_req_waiting{name:page}': ['avg>=0'], 'http_reqs{kind:mine,expected_response:true}': ['count==40'],
           'http_reqs{error_code:1404}': ['count==40'], ['http_reqs{url:' + __ENV.SITE + '/status/404}']: ['count==40'],
           'http_req_failed{name:page}': ['rate==0'], http_req_failed: ['rate==0.2'],
         },
       };
       export default async function () {
         await http.get(__ENV.SITE + '/bytes/100?x=' + Math.random(), { tags: { name: 'page', kind: 'mine' } });
         await http.post(__ENV.SITE + '/redirect/302/1', 'x');
         await http.get(__ENV.SITE + '/status/404');
         await http.get(http.url\`\${__ENV.SITE}/status/\${200 + __ITER}\`);
       }`,
      2,
    );
    assert.deepEqual(summary.errors, []);
    assert.deepEqual(
      summary.thresholds.filter(({ ok }) => !ok || ok === undefined),
      [],
    );
    assert.equal(whole(summary, 'http_reqs').count, 200);
    assert.deepEqual([whole(summary, 'http_req_failed').passes, whole(summary, 'http_req_failed').fails], [40, 160]);
    for (const step of ['duration', 'blocked', 'connecting', 'tls_handshaking', 'sending', 'waiting', 'receiving']) {
      assert.equal(whole(summary, `http_req_${step}`).count, 200, step);
    }
    const sum = (step: string) => (whole(summary, `http_req_${step}`).avg ?? 0) * 200;
    assert.ok(Math.abs(sum('duration') - sum('sending') - sum('waiting') - sum('receiving')) < 1e-6);
    assert.equal(whole(summary, 'http_req_duration{expected_response:true}').count, 160);
    assert.deepEqual(
      summary.metrics.http_req_duration?.series?.map(({ tags }) => tags.name).sort(),
      [
        '$' + '{}/status/$' + '{}',
        'page',
        `${server.url}/anything/end`,
        `${server.url}/redirect/302/1`,
        `${server.url}/status/404`,
      ].sort(),
    );
    assert.equal(whole(summary, 'http_req_waiting{name:page}').count, 40);
    assert.equal(summary.metrics.http_req_receiving?.series, undefined, 'kept apart only where a threshold asks');
    assert.ok((whole(summary, 'data_received').count ?? 0) > 40 * 100);
    assert.ok((whole(summary, 'data_sent').count ?? 0) > 200 * 50);
    const rows = summary.locust.rows.map(({ method, name, times, failures }) => [method, name, times.count, failures]);
    assert.deepEqual(
      rows.find(([, name]) => name === `${server.url}/status/404`),
      ['GET', `${server.url}/status/404`, 40, 40],
    );
    assert.equal(rows.length, 5);
    const page = summary.locust.rows.find(({ name }) => name === 'page');
    assert.equal(
      page?.history.reduce((sum, { times }) => sum + times.count, 0),
      40,
    );
    assert.ok(page && page.bytes > 0 && page.bytes < (whole(summary, 'data_received').count ?? 0));
    const [failure] = summary.failures;
    assert.deepEqual(
      [failure?.method, failure?.kind, failure?.status, failure?.count, failure?.message, failure?.name],
      ['GET', 'http_status', 404, 40, 'HTTP 404 Not Found', `${server.url}/status/404`],
    );
    assert.ok(validate(JSON.parse(summaryJson(summary))), JSON.stringify(validate.errors));
    assert.equal(summary.quality.notes.includes('no request ended'), false);
    const text = summaryText(summary, { color: false });
    assert.match(text, /█ HTTP\n\n {4}http_req_duration\.+: avg=/);
    assert.match(text, /\n {6}\{ expected_response:true \}\.+: avg=/);
    assert.match(text, /http_req_waiting\.+: avg=[^{]+\n {6}\{ name:page \}\.+: avg=/);
    assert.match(text, /http_req_failed\.+: 20\.00% +40 out of 200\n/);
    assert.doesNotMatch(text, /LLM/);
  });

  it('lets the script define expected statuses', async () => {
    const summary = await runHttp(
      'expected.ts',
      `http.setResponseCallback(http.expectedStatuses(200, { min: 400, max: 410 }));
       export const options = { iterations: 2, thresholds: { 'http_reqs{expected_response:true}': [], 'http_reqs{expected_response:false}': [] } };
       export default async function () {
         await http.get(__ENV.SITE + '/status/404');
         await http.get(__ENV.SITE + '/status/204');
         await http.get(__ENV.SITE + '/status/500', { responseCallback: http.expectedStatuses(500) });
         await http.get(__ENV.SITE + '/status/500', { responseCallback: null });
         http.setResponseCallback(null);
         await http.get(__ENV.SITE + '/status/500');
         http.setResponseCallback(http.expectedStatuses(200, { min: 400, max: 410 }));
       }`,
    );
    assert.deepEqual(summary.errors, []);
    const count = (metric: string) => whole(summary, metric).count;
    assert.deepEqual(
      [count('http_reqs'), count('http_reqs{expected_response:true}'), count('http_reqs{expected_response:false}')],
      [10, 4, 2],
    );
    assert.deepEqual([whole(summary, 'http_req_failed').passes, whole(summary, 'http_req_failed').fails], [2, 4]);
    assert.equal(count('http_req_duration'), 10);
    assert.equal(summary.failures.length, 1);
  });

  it('counts requests in flight at the end apart, and those of setup and teardown not at all', async () => {
    const summary = await runHttp(
      'grace.ts',
      `export const options = { scenarios: { a: { executor: 'constant-vus', vus: 3, duration: '1s', gracefulStop: '100ms' } } };
       export async function setup() { return (await http.get(__ENV.SITE + '/status/201')).status; }
       export default async function (status: number) { if (status !== 201) throw new Error('no setup'); await http.get(__ENV.SITE + '/delay/20000'); }
       export async function teardown() { await http.get(__ENV.SITE + '/status/202'); }`,
    );
    assert.deepEqual(summary.errors, []);
    assert.equal(whole(summary, 'http_censored').count, 3);
    assert.equal(summary.metrics.http_reqs, undefined);
    assert.equal(whole(summary, 'interrupted_iterations').count, 3);
    assert.ok(summary.quality.notes.some((note) => note.startsWith('3 requests were still in flight')));
    assert.ok(server.seen.includes('GET /status/201') && server.seen.includes('GET /status/202'));
  });

  it('warns once of redirects that were not followed to their end', async () => {
    const summary = await runHttp(
      'redirects.ts',
      `export const options = { iterations: 3, maxRedirects: 1 };
       export default async function () {
         await http.get(__ENV.SITE + '/redirect/302/3');
         await http.get(__ENV.SITE + '/redirect/302/3', { redirects: 0 });
       }`,
    );
    assert.equal(summary.warnings.length, 1);
    assert.match(
      summary.warnings[0] ?? '',
      /\/redirect\/302\/2 is a redirect \(HTTP 302\) that was not followed after 1 /,
    );
    assert.equal(whole(summary, 'http_reqs').count, 9);
  });

  it('folds names beyond the limit, and still splits by expected response', async () => {
    const summary = await runHttp(
      'names.ts',
      `export const options = { iterations: 1 };
       export default async function () {
         for (let batch = 0; batch < 40; batch += 1) {
           const url = __ENV.SITE + '/status/' + (batch % 2 ? 404 : 200);
           await http.batch(Array.from({ length: 20 }, (_, n) => ['GET', url, null, { tags: { name: batch + '.' + n } }]));
         }
       }`,
    );
    assert.deepEqual(summary.errors, []);
    assert.equal(whole(summary, 'http_reqs').count, 800);
    assert.equal(whole(summary, 'http_req_failed').passes, 400);
    assert.equal(whole(summary, 'http_req_duration{expected_response:true}').count, 400);
    assert.ok(summary.warnings.some((warning) => warning.includes('more than 1000 series')));
  });

  it('refuses requests at the top of the file, and invalid options', async () => {
    await assert.rejects(
      runHttp('top.ts', `void http.get('http://127.0.0.1:1');\nhttp.cookieJar();\nexport default () => {};`),
      {
        exitCode: 107,
      },
    );
    const bad = `export const options = { batch: 0, batchPerHost: 'x', maxRedirects: -1, userAgent: 1, discardResponseBodies: 1, noCookiesReset: 'no', throw: 0 };
       export default () => {};`;
    await assert.rejects(runHttp('bad.ts', bad), (error: UserError) => {
      assert.equal(error.exitCode, 104);
      const fields = [
        'batch',
        'batchPerHost',
        'maxRedirects',
        'userAgent',
        'discardResponseBodies',
        'noCookiesReset',
        'throw',
      ];
      for (const field of fields) assert.match(error.message, new RegExp(`^${field}: expected `, 'm'));
      return true;
    });
  });

  it('can be tried: each request with its status and what its time went into', async () => {
    const file = folder.write(
      'tried.ts',
      `import { http } from 'tokenswarm';\nexport default async () => { await http.post(__ENV.SITE + '/redirect/303/1'); await http.get('http://127.0.0.1:1/'); };`,
    );
    const { code, stdout } = await tokenswarm(['try', file, '-e', `SITE=${server.url}`]);
    assert.equal(code, 107);
    assert.match(stdout, /→ POST http:.*\/redirect\/303\/1 to 127\.0\.0\.1:\d+\n← 303 See Other/);
    assert.match(stdout, /→ GET http:.*\/anything\/end to .*\n← 200 OK/);
    assert.match(stdout, /→ GET http:\/\/127\.0\.0\.1:1\/.*\n✗ dial: connection refused \(code 1212\)/);
    assert.match(stdout, / {2}tls_handshaking +0\.000 ms\n {2}sending +\d/);
  });
});
