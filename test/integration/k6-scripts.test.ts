import assert from 'node:assert/strict';
import type { Summary } from '../../engine/index.js';
import { windowText } from '../../reporters/run/words.js';
import { testFolder } from '../support/folder.js';
import { type HttpServer, startHttpServer } from '../support/http-server.js';
import { runToEnd, settings } from '../support/run.js';

function whole(summary: Summary, metric: string): Readonly<Record<string, number>> {
  return summary.metrics[metric]?.windows.whole ?? {};
}

describe('a run of a k6 script', () => {
  const folder = testFolder();
  let server: HttpServer;

  before(async () => {
    server = await startHttpServer();
  });

  after(() => server.close());

  const runK6 = (name: string, text: string) =>
    runToEnd(folder.write(name, text), settings(undefined, { workers: 1, env: { SITE: server.url } }));

  it('awaits its requests, counts those of setup and teardown, and judges the whole run', async () => {
    folder.write(
      'lib/shop.js',
      `import http from 'k6/http';
       export class Shop {
         constructor(site) { this.site = site; }
         visit(page) { return http.get(this.site + page, { tags: { name: 'page', none: null }, verbose: true }); }
         visitAll(pages) { return pages.map((page) => this.visit(page).status); }
       }`,
    );
    const summary = await runK6(
      'shop.js',
      `import http from 'k6/http';
       import { check, group, sleep } from 'k6';
       import { Counter, Trend } from 'k6/metrics';
       import exec, { vu } from 'k6/execution';
       import { randomItem, uuidv4 } from 'https://jslib.k6.io/k6-utils/1.4.0/index.js';
       import { Shop } from './lib/shop.js';
       const once = new Counter('once');
       const sizes = new Trend('sizes');
       export const options = {
         vus: 2, iterations: 4, cloud: { name: 'x' }, dns: { ttl: '1m' },
         thresholds: {
           once: ['count==2'], 'checks{check:in setup}': ['rate==1'], http_reqs: ['count==22'], no_such: [],
           'http_reqs{name:page}': ['count==8'], iterations: ['count==4'],
         },
       };
       delete options.thresholds.no_such;
       export function setup() {
         once.add('1');
         check(http.get(__ENV.SITE + '/anything'), { 'in setup': (r) => r.status === 200 });
         return { id: uuidv4() };
       }
       export default function ({ id }) {
         const shop = new Shop(__ENV.SITE);
         group('shop', () => {
           check(shop.visitAll(['/anything/a', '/anything/b']), { both: (all) => all.every((status) => status === 200) });
           sleep(0.001);
         });
         const sent = http.post(__ENV.SITE + '/anything', { b: randomItem([2]), a: 1 });
         sizes.add(sent.body.length);
         sizes.add('none');
         check(sent, {
           sorted: (r) => r.json('body') === 'a=1&b=2',
           again: () => http.get(__ENV.SITE + '/anything').status === 200,
           where: () => id.length === 36 && vu.idInTest > 0 && exec.scenario.name === 'default',
         });
         setTimeout(() => { http.get(__ENV.SITE + '/anything/late'); }, 5);
       }
       export function teardown() {
         once.add(1);
         http.get(__ENV.SITE + '/anything');
       }`,
    );
    assert.deepEqual([summary.errors, summary.run.exitCode], [[], 0]);
    assert.deepEqual(
      summary.thresholds.map(({ metric, ok, window }) => [metric, ok, window]).filter(([, ok]) => ok !== true),
      [],
    );
    assert.deepEqual(whole(summary, 'sizes').count, 4);
    assert.deepEqual(
      summary.checks.map(({ name, passes, fails }) => [name, passes, fails]),
      [
        ['in setup', 1, 0],
        ['both', 4, 0],
        ['sorted', 4, 0],
        ['again', 4, 0],
        ['where', 4, 0],
      ],
    );
  });

  it('tells the line of an error as it is in the file, and of a helper', async () => {
    folder.write(
      'lib/bad.js',
      `import http from 'k6/http';\n\nexport const bad = (u) => {\n  return http.get(u).nothing.here;\n};\n`,
    );
    const file = `import { bad } from './lib/bad.js';\nexport default () => {\n  bad(__ENV.SITE);\n};\n`;
    const { errors, run } = await runK6('bad.js', file);
    assert.equal(errors[0]?.where, `${folder.path}/lib/bad.js:4:30`);
    assert.match(errors[0]?.stack ?? '', /bad\.js:3:3/);
    assert.equal(run.exitCode, 0);
  });

  it('passes thresholds without a sample, and counts a request without a host', async () => {
    const summary = await runK6(
      'empty.js',
      `import http from 'k6/http';
       import { Trend } from 'k6/metrics';
       const never = new Trend('never');
       export const options = { iterations: 2, thresholds: { never: ['avg<1'], http_reqs: ['count==2'], http_req_failed: ['rate==1'] } };
       export default () => { http.get('/no/host'); http.get('http://a:port/'); never.name; };`,
    );
    assert.deepEqual([summary.run.exitCode, summary.errors], [0, []]);
  });

  it('reads pages, sends their forms, follows their links, and logs in by digest', async () => {
    const summary = await runK6(
      'pages.js',
      `import http from 'k6/http';
       import { check } from 'k6';
       export const options = { iterations: 1, thresholds: { http_reqs: ['count==5'], http_req_failed: ['rate==0'], checks: ['rate==1'] } };
       export default () => {
         const page = http.get(__ENV.SITE + '/page');
         check(page, { title: (r) => r.html('title').text() === 'Shop' });
         const jar = http.cookieJar();
         jar.set(__ENV.SITE, 'foreign', '1', { domain: 'example.com', unknown: 1 });
         jar.set(__ENV.SITE, 'own', '2', null);
         check(jar.cookiesForURL(__ENV.SITE), { jar: ({ own, foreign }) => own[0] === '2' && foreign === undefined });
         check(page.submitForm({ fields: { b: '2' } }), { form: (r) => r.json('body') === 'a=1&b=2' });
         const site = __ENV.SITE.replace('://', '://me:secret@');
         check(http.get(site + '/digest', { auth: 'digest' }), { digest: (r) => r.json('given').includes('username="me"') });
         check(page.clickLink(), { link: (r) => r.json('url') === '/anything/next' });
       };`,
    );
    assert.deepEqual([summary.errors, summary.run.exitCode], [[], 0]);
    assert.equal(windowText(summary), 'of the whole run, as in k6');
  });

  it('counts an iteration that aborts the test, and goes on where all of them throw', async () => {
    const aborted = await runK6(
      'abort.js',
      `import exec from 'k6/execution';\nexport const options = { iterations: 5 };\nexport default () => exec.test.abort('enough');\n`,
    );
    assert.deepEqual([aborted.run.exitCode, whole(aborted, 'iterations').count], [108, 1]);
    const thrown = await runK6(
      'throws.js',
      `import 'k6';\nexport const options = { iterations: 3 };\nexport default () => { throw new Error('no'); };\n`,
    );
    assert.deepEqual([thrown.run.exitCode, thrown.errors[0]?.count], [0, 3]);
  });

  it('takes hosts from a table, and a connection for each request', async () => {
    const before = server.sockets();
    const options = `{ iterations: 2, hosts: { 'shop.test': '127.0.0.1:${server.port}' }, noConnectionReuse: true }`;
    const summary = await runK6(
      'hosts.js',
      `import http from 'k6/http';
       export const options = ${options};
       export default () => { http.get('http://shop.test/anything'); http.get('http://shop.test/anything'); };`,
    );
    assert.equal(whole(summary, 'http_req_failed').rate, 0);
    assert.equal(server.sockets() - before, 4);
  });

  it('of one that imports nothing goes on where it throws, unless an import was forgotten', async () => {
    const options = `export const options = { iterations: 2 };`;
    const plain = await runK6('plain.js', `${options}\nexport default () => { throw new Error('no'); };\n`);
    assert.equal(plain.run.exitCode, 0);
    const foreign = await runK6(
      'foreign.js',
      `export const options = { vus: 3, dns: {} };\nexport default () => {};\n`,
    );
    assert.deepEqual([foreign.run.exitCode, whole(foreign, 'iterations').count], [0, 3]);
    const forgotten = await runK6('forgotten.js', `${options}\nexport default () => chat({ messages: 'hi' });\n`);
    assert.equal(forgotten.run.exitCode, 107);
  });

  it('passes a threshold without a sample, and only there', async () => {
    const options = `export const options = { iterations: 1, thresholds: { http_req_duration: ['p(95)<1'] } };`;
    const script = `${options}\nexport default () => undefined;\n`;
    const k6 = await runK6('k6.js', `import 'k6';\n${script}`);
    assert.deepEqual([k6.run.exitCode, k6.thresholds[0]?.ok], [0, true]);
    const plain = await runK6('without-k6.js', script);
    assert.deepEqual([plain.run.exitCode, plain.thresholds[0]?.ok], [99, false]);
  });
});
