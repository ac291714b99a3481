import assert from 'node:assert/strict';
import { startHttpServer } from '../../../support/http-server.js';
import { httpServer, httpUsers } from './user.js';

describe('a batch of HTTP requests', () => {
  const server = httpServer();
  const user = httpUsers();

  it('takes requests in every form and answers in the shape of the question', async () => {
    const { http } = user({ baseUrl: server.url });
    const url = `${server.url}/anything`;
    const list = await http.batch([
      url,
      '/anything/own',
      http.url`${server.url}/anything/${7}`,
      ['post', url, 'b', { headers: { 'X-Own': '1' } }],
      { method: 'PUT', url, body: 'c' },
      { url: http.url`${url}` },
      ['GET', `${server.url}/bytes/2`, null, { responseType: 'binary' }],
    ]);
    assert.deepEqual(
      list.slice(0, 6).map((response) => `${response.json('method')} ${response.json('url')} ${response.json('body')}`),
      [
        'GET /anything ',
        'GET /anything/own ',
        'GET /anything/7 ',
        'POST /anything b',
        'PUT /anything c',
        'GET /anything ',
      ],
    );
    assert.equal(list[3].json('headers.x-own'), '1');
    assert.equal(list[6].body?.byteLength, 2);
    const named = await http.batch({ slow: `${server.url}/delay/50`, fast: `${server.url}/status/404` });
    assert.deepEqual(Object.keys(named), ['slow', 'fast']);
    assert.deepEqual([named.slow.body, named.fast.status], ['late', 404]);
    assert.deepEqual(await http.batch([]), []);
  });

  for (const [options, most] of [
    [{}, 6],
    [{ batchPerHost: 3 }, 3],
    [{ batch: 2 }, 2],
    [{ batch: 50, batchPerHost: 50 }, 15],
  ] as const) {
    it(`keeps ${most} of 15 requests in flight with ${JSON.stringify(options)}`, async () => {
      const fresh = await startHttpServer();
      try {
        const { http } = user({ http: options });
        await http.batch(Array.from({ length: 15 }, () => `${fresh.url}/delay/150`));
        assert.equal(fresh.seen.length, 15);
        assert.equal(fresh.mostAtOnce(), most);
        assert.equal(fresh.sockets(), most);
      } finally {
        await fresh.close();
      }
    });
  }

  it('lets one server not wait for another', async () => {
    const [one, two] = [await startHttpServer(), await startHttpServer()];
    try {
      const { http } = user({ http: { batchPerHost: 1 } });
      const urls = [...Array.from({ length: 3 }, () => `${one.url}/delay/150`), `${two.url}/bytes/1`];
      let other = 0;
      const all = http.batch(urls).then((responses) => responses.map(({ timings }) => timings.duration));
      while (two.seen.length === 0 && other < 100) {
        other += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      assert.ok(one.seen.length < 3, 'the second server was asked before the first was done');
      await all;
      assert.equal(one.mostAtOnce(), 1);
    } finally {
      await Promise.all([one.close(), two.close()]);
    }
  });

  it('fails as a whole only when a request throws, after all have ended', async () => {
    const { http } = user();
    const urls = ['nowhere', `${server.url}/anything/last`];
    assert.deepEqual(
      (await http.batch(urls)).map(({ error_code }) => error_code),
      [1020, 0],
    );
    const throwing = urls.map((url) => ['GET', url, null, { throw: true }] as const);
    const before = server.get().seen.length;
    await assert.rejects(http.batch(throwing), /not a URL/);
    assert.equal(server.get().seen.length, before + 1);
    await assert.rejects(http.batch([{ method: 'GET' } as never]), /request 0: expected a URL/);
    await assert.rejects(http.batch(7 as never), /expected a list or an object of requests/);
  });
});
