import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { bundle } from '../../../../engine/script/bundle.js';
import { testFolder } from '../../../support/folder.js';
import { runToEnd, settings } from '../../../support/run.js';

/** Files of a server of scripts: type and content. */
const FILES: Readonly<Record<string, readonly [type: string, text: string]>> = {
  '/lib/2/shop.js': [
    'application/javascript',
    "import http from 'k6/http';\nimport { path } from './paths.ts';\nexport const visit = (site) => http.get(site + path());\n",
  ],
  '/lib/2/paths.ts': ['text/plain', "export const path = (): string => '/lib/2/shop.js';\n"],
  '/old.js': [
    'text/javascript',
    "var http = require('k6/http');\nmodule.exports = {\n  get: function (u) { return http.get(u); },\n  fail: function (r) { return r.no.such; },\n};\n",
  ],
  '/page': ['text/html; charset=utf-8', '<html></html>'],
};

describe('scripts from the network', () => {
  const folder = testFolder();
  const cache = process.env.XDG_CACHE_HOME;
  const asked: string[] = [];
  let server: Server;
  let site: string;

  before((done) => {
    process.env.XDG_CACHE_HOME = join(folder.path, 'cache');
    server = createServer(({ url = '' }, response) => {
      asked.push(url);
      const [type, text] = FILES[url] ?? [];
      if (url === '/lib/latest/shop.js') response.writeHead(302, { location: '/lib/2/shop.js' }).end();
      else if (type === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': type }).end(text);
    });
    server.listen(0, '127.0.0.1', () => {
      site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      done();
    });
  });

  after((done) => {
    if (cache === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = cache;
    server.closeAllConnections();
    server.close(done);
  });

  const script = () =>
    folder.write(
      'old.js',
      `import { visit } from '${site}/lib/latest/shop.js';
       import old from '${site}/old.js';
       import { check } from 'k6';
       export const options = { iterations: 1, thresholds: { checks: ['rate==1'], http_reqs: ['count==2'] } };
       export default () => {
         const [a, b] = [visit(__ENV.SITE), old.get(__ENV.SITE + '/old.js')];
         check(0, { both: () => a.status === 200 && b.status === 200 });
         old.fail(a);
       };`,
    );
  const given = () => settings(undefined, { workers: 1, env: { SITE: site } });

  it('are fetched once, awaited, and name their place in errors', async () => {
    const first = await runToEnd(script(), given());
    assert.equal(first.run.exitCode, 0);
    assert.equal(first.errors[0]?.where, `${site}/old.js:4:36`);
    assert.deepEqual(asked.slice(0, 4).sort(), ['/lib/2/paths.ts', '/lib/2/shop.js', '/lib/latest/shop.js', '/old.js']);
    const before = asked.length;
    const again = await runToEnd(script(), { ...given(), offline: true });
    assert.equal(again.run.exitCode, 0);
    assert.equal(asked.length - before, 2, 'its own two requests');
  });

  it('are fetched again where the cache has not what was fetched', async () => {
    const file = script();
    await (await bundle(file)).dispose();
    const places = join(folder.path, 'cache/tokenswarm/scripts');
    for (const name of readdirSync(places)) {
      const kept = JSON.parse(readFileSync(join(places, name), 'utf8'));
      assert.match(kept.sha256, /^[0-9a-f]{64}$/);
      writeFileSync(join(places, name), JSON.stringify({ ...kept, text: 'changed' }));
    }
    await assert.rejects(bundle(file, { offline: true }), /it was never fetched, and --offline fetches nothing/);
    await (await bundle(file)).dispose();
    await (await bundle(file, { offline: true })).dispose();
  });

  it('are refused in words, with their place in the scenario', async () => {
    const table = [
      [`${site}/missing.js`, /missing\.js cannot be imported: its server answered 404 Not Found: check the address/],
      [`${site}/page`, /it is a page, no script: give the address of the file itself/],
      ['http://example.com/a.js', /is plain HTTP, which can be changed on its way: give an https address/],
      [
        'https://127.0.0.1:1/a.js',
        /cannot be imported: (?:bad port|.*ECONNREFUSED.*); without a network, save the script/,
      ],
    ] as const;
    for (const [url, message] of table) {
      const file = folder.write('refused.js', `import x from '${url}';\nexport default () => x;\n`);
      await assert.rejects(bundle(file), (error: Error & { where?: string }) => {
        assert.match(error.message, message);
        assert.match(error.where ?? '', /refused\.js:1:15$/);
        return true;
      });
    }
  });
});
