import assert from 'node:assert/strict';
import type { Echo } from '../../../support/http-server.js';
import { httpServer, httpUsers } from './user.js';

describe('a redirect', () => {
  const server = httpServer();
  const other = httpServer();
  const user = httpUsers();

  it('is followed to its end, and each request on the way counts', async () => {
    const { http, exchanges } = user();
    const response = await http.get(`${server.url}/redirect/302/3`);
    assert.deepEqual([response.status, response.url], [200, `${server.url}/anything/end`]);
    assert.deepEqual(
      exchanges.map(({ status, address }) => [status, address.path]),
      [
        [302, '/redirect/302/3'],
        [302, '/redirect/302/2'],
        [302, '/redirect/302/1'],
        [200, '/anything/end'],
      ],
    );
  });

  for (const [status, method, followed, body] of [
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [302, 'PUT', 'GET', ''],
    [303, 'DELETE', 'GET', ''],
    [301, 'GET', 'GET', ''],
    [302, 'HEAD', 'HEAD', undefined],
    [307, 'POST', 'POST', 'b'],
    [308, 'PUT', 'PUT', 'b'],
    [307, 'GET', 'GET', ''],
  ] as const) {
    it(`${status} of a ${method} is followed by a ${followed}${body ? ' with its body' : ''}`, async () => {
      const { http, exchanges } = user();
      const given = method === 'GET' || method === 'HEAD' ? null : 'b';
      const response = await http.request(method, `${server.url}/redirect/${status}/1`, given, {
        headers: { 'Content-Type': 'text/x', 'X-Own': '1' },
      });
      assert.equal(exchanges.at(-1)?.method, followed);
      assert.equal(response.request.method, followed);
      if (body === undefined) return;
      const echo = response.json<Echo>();
      assert.deepEqual([echo.method, echo.body, echo.headers['x-own']], [followed, body, '1']);
      assert.equal(echo.headers['content-type'], followed === method ? 'text/x' : undefined);
    });
  }

  it('is given as it is after as many as are to be followed', async () => {
    const { http, exchanges } = user({ http: { maxRedirects: 2 } });
    const none = await http.get(`${server.url}/redirect/302/3`, { redirects: 0 });
    assert.deepEqual([none.status, none.headers.Location, exchanges.length], [302, '/redirect/302/2', 1]);
    assert.equal((await http.get(`${server.url}/redirect/302/3`)).headers.Location, '/anything/end');
    assert.equal((await http.get(`${server.url}/redirect/302/3`, { redirects: 3 })).status, 200);
  });

  it('to another server takes no secrets there', async () => {
    const { http } = user({ baseUrl: server.url, apiKey: 'sk-1' });
    const elsewhere = encodeURIComponent(`${other.url}/anything`);
    const key = await http.get(`/to/${elsewhere}`);
    assert.equal(key.url, `${other.url}/anything`);
    assert.equal(key.json('headers.authorization'), undefined);
    const own = await http.get(`${server.url}/to/${elsewhere}`, {
      headers: { Authorization: 'Bearer x', 'X-Own': '1' },
      cookies: { mine: '1' },
    });
    assert.deepEqual(
      [own.json('headers.authorization'), own.json('headers.cookie'), own.json('headers.x-own')],
      [undefined, undefined, '1'],
    );
  });

  it('within the server under test takes the API key along', async () => {
    const { http } = user({ baseUrl: server.url, apiKey: 'sk-1' });
    assert.equal((await http.get('/redirect/302/1')).json('headers.authorization'), 'Bearer sk-1');
    const whole = encodeURIComponent(`${server.url}/anything`);
    assert.equal((await http.get(`/to/${whole}`)).json('headers.authorization'), 'Bearer sk-1');
    assert.equal((await http.get(`${server.url}/to/${whole}`)).json('headers.authorization'), undefined);
  });

  it('that is no URL of http is given as it is', async () => {
    const { http } = user();
    const response = await http.get(`${server.url}/to/${encodeURIComponent('ftp://127.0.0.1/x')}`);
    assert.deepEqual([response.status, response.error_code], [302, 0]);
  });

  it('shares its time limit with what it leads to', async () => {
    const { http, exchanges } = user();
    const response = await http.get(`${server.url}/to/${encodeURIComponent('/delay/5000')}`, { timeout: '200ms' });
    assert.deepEqual([response.error_code, exchanges.map(({ status }) => status)], [1050, [302, 0]]);
  });
});
