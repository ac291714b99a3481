import assert from 'node:assert/strict';
import { httpServer, httpUsers } from './user.js';

describe("a user's cookies", () => {
  const server = httpServer();
  const user = httpUsers();

  /** The Cookie header that a request carries. */
  const carried = async (http: ReturnType<typeof user>['http'], params?: Parameters<typeof http.get>[1], path = '') =>
    (await http.get(`${server.url}/anything${path}`, { ...params, responseType: 'text' })).json('headers.cookie');

  const setting = (cookie: string) => `${server.url}/cookie/${encodeURIComponent(cookie)}`;

  it('come from responses, redirects included, and go where they belong', async () => {
    const { http } = user();
    assert.equal(await carried(http), undefined);
    await http.get(setting('a=1; Path=/'));
    await http.get(setting('b=2; Path=/anything/deep'));
    await http.get(setting('c=3; Path=/; Secure; Domain=elsewhere.example'));
    assert.equal(await carried(http), 'a=1');
    assert.equal(await carried(http, undefined, '/deep'), 'b=2; a=1');
    await http.get(setting('a=; Path=/; Max-Age=0'));
    assert.equal(await carried(http), undefined);
    const response = await http.get(`${server.url}/redirect/302/2`);
    assert.equal(response.json('headers.cookie'), 'hop2=1; hop1=1');
    assert.deepEqual(response.request.cookies, {
      hop2: [{ name: 'hop2', value: '1' }],
      hop1: [{ name: 'hop1', value: '1' }],
    });
  });

  it('of a response can be read with all that they say', async () => {
    const { http } = user();
    const { cookies } = await http.get(
      setting(
        'id=a=b; Path=/x; Domain=example.com; HttpOnly; Secure; Max-Age=60; Expires=Thu, 01 Jan 2099 00:00:00 GMT',
      ),
    );
    assert.deepEqual(cookies, {
      id: [
        {
          name: 'id',
          value: 'a=b',
          domain: 'example.com',
          path: '/x',
          http_only: true,
          secure: true,
          max_age: 60,
          expires: Date.UTC(2099, 0, 1),
        },
      ],
    });
  });

  it('stand beside those of one request alone, unless these replace them', async () => {
    const { http } = user();
    await http.get(setting('a=1; Path=/'));
    assert.equal(await carried(http, { cookies: { b: '2' } }), 'a=1; b=2');
    assert.equal(await carried(http, { cookies: { a: '3' } }), 'a=1; a=3');
    assert.equal(await carried(http, { cookies: { a: { value: '3', replace: true } } }), 'a=3');
    assert.equal(await carried(http, { headers: { Cookie: 'own=1' }, cookies: { b: '2' } }), 'own=1; a=1; b=2');
    assert.equal(await carried(http, { headers: { Cookie: 'own=1' } }), 'own=1; a=1');
    assert.equal(await carried(http), 'a=1');
  });

  it('can be looked at, set and forgotten by the script', async () => {
    const { http } = user();
    const jar = http.cookieJar();
    const url = `${server.url}/anything`;
    assert.equal(jar.set(url, 'a', '1'), true);
    jar.set(url, 'b', '2', { path: '/anything', max_age: 60, http_only: true, secure: false, expires: '2099-01-01' });
    jar.set(url, 'c', '3', { path: '/nowhere' });
    assert.deepEqual(jar.cookiesForURL(url), { b: ['2'], a: ['1'] });
    assert.equal(await carried(http), 'b=2; a=1');
    jar.delete(url, 'b');
    assert.equal(await carried(http), 'a=1');
    jar.clear(url);
    assert.equal(await carried(http), undefined);
    assert.deepEqual(jar.cookiesForURL(`${server.url}/nowhere`), { c: ['3'] });
    assert.throws(() => jar.set('http://a.example', 'x', '1', { domain: 'b.example' }), /domain/i);
  });

  it('may be those of another jar', async () => {
    const { http } = user();
    const jar = new http.CookieJar();
    jar.set(server.url, 'other', '1');
    assert.equal(await carried(http, { jar }), 'other=1');
    await http.get(setting('new=1; Path=/'), { jar });
    assert.equal(await carried(http, { jar }), 'other=1; new=1');
    assert.equal(await carried(http), undefined);
  });

  for (const [noCookiesReset, expected] of [
    [false, [undefined, undefined]],
    [true, [undefined, 'a=1']],
  ] as const) {
    it(`are ${noCookiesReset ? 'kept from one iteration to the next' : 'forgotten with each iteration'} with noCookiesReset ${noCookiesReset}`, async () => {
      const found: unknown[] = [];
      const { vu } = user({
        http: { noCookiesReset },
        async iteration(http) {
          found.push(await carried(http));
          await http.get(setting('a=1; Path=/'));
          assert.equal(await carried(http), 'a=1');
        },
      });
      assert.equal(await vu.iterate({ iterationInTest: 0, dueAt: undefined }, () => undefined), 'complete');
      assert.equal(await vu.iterate({ iterationInTest: 1, dueAt: undefined }, () => undefined), 'complete');
      assert.deepEqual(found, expected);
    });
  }
});
