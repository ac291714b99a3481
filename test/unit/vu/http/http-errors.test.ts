import assert from 'node:assert/strict';
import { misbehavingServers } from '../../../support/misbehaving-server.js';
import { httpServer, httpUsers } from './user.js';

describe('an HTTP request that fails', () => {
  const server = httpServer();
  const secure = httpServer({ tls: true });
  const user = httpUsers();
  const misbehaving = misbehavingServers();

  const deadPort = async () => {
    const { port, close } = await misbehaving(() => undefined);
    await close();
    return port;
  };

  for (const [what, url, code, message] of [
    ['an unknown host', () => 'http://no-such-host.invalid/', 1101, /lookup/],
    ['a port that nobody listens on', async () => `http://127.0.0.1:${await deadPort()}/`, 1212, /refused/],
    ['a connection that is reset', () => `${server.url}/reset`, 1220, /reset/],
    ['a connection that is closed', () => `${server.url}/hangup`, 1000, /closed/],
    ['a body that breaks off', () => `${server.url}/cut`, 1000, /closed/],
    ['what is not HTTP', () => `${server.url}/garbage`, 1000, /./],
    ['a certificate that nobody has signed', () => `${secure.url}/anything`, 1310, /x509/],
    ['no TLS', () => server.url.replace('http:', 'https:'), 1300, /tls/],
    ['what is no URL', () => 'nowhere', 1020, /not a URL/],
    ['what is no URL of http', () => 'ftp://127.0.0.1/x', 1020, /not a URL/],
    ['a packed body that is none', () => `${server.url}/packed/plain,gzip`, 1701, /decompress/],
    ['a coding that nobody knows', () => `${server.url}/packed/plain,lzw`, 1701, /unknown content coding lzw/],
    ['a header that cannot be sent', () => `${server.url}/anything`, 1000, /header/],
  ] as const) {
    it(`for ${what} has code ${code} and does not throw`, async () => {
      const { http, exchanges } = user();
      const headers: Record<string, string> =
        code === 1000 && /header/.test(message.source) ? { 'X-Bad': 'a\r\nb' } : {};
      const response = await http.get(await url(), { headers });
      // Some machines answer for names that do not exist in other words.
      if (code === 1101) assert.ok([1100, 1101].includes(response.error_code), response.error);
      else assert.equal(response.error_code, code, response.error);
      assert.match(response.error, message);
      assert.deepEqual([response.status, response.status_text, response.body], [0, '', null]);
      assert.equal(exchanges.length, code === 1020 ? 0 : 1);
      assert.equal(response.timings.duration >= 0 && response.timings.blocked >= 0, true);
    });
  }

  for (const path of ['/delay/5000', '/slow/2000']) {
    it(`for want of time has code 1050 (${path})`, async () => {
      const { http } = user();
      const begun = performance.now();
      const response = await http.get(server.url + path, { timeout: '150ms' });
      const took = performance.now() - begun;
      assert.deepEqual([response.error_code, response.error, response.status], [1050, 'request timeout', 0]);
      const { duration, blocked } = response.timings;
      assert.ok(took >= 140 && duration + blocked <= took && took < 4000, `${took} ms`);
      assert.equal((await http.get(`${server.url}/bytes/1`)).status, 200, 'the next one has a socket of its own');
    });
  }

  for (const status of [400, 404, 429, 500, 503]) {
    it(`with status ${status} has code ${1000 + status}, no error and its body`, async () => {
      const { http } = user();
      const response = await http.get(`${server.url}/status/${status}`);
      assert.deepEqual([response.status, response.error_code, response.error], [status, 1000 + status, '']);
      assert.equal(response.body, 'status');
    });
  }

  it('throws where the script or the option asks for it, but not for a status', async () => {
    const dead = `http://127.0.0.1:${await deadPort()}/x?key=1`;
    const { http } = user();
    await assert.rejects(
      http.get(dead, { throw: true }),
      /^Error: GET http:.*\/x: dial: connection refused \(code 1212\)$/,
    );
    const strict = user({ http: { throw: true } });
    await assert.rejects(strict.http.get(dead), /refused/);
    await assert.rejects(strict.http.get('nowhere'), /not a URL/);
    assert.equal((await strict.http.get(dead, { throw: false })).error_code, 1212);
    assert.equal((await strict.http.get(`${server.url}/status/500`)).status, 500);
  });

  it('on a reused connection that has died is made again when it can be, and only then', async () => {
    // The second request of a connection gets no answer at all.
    const dying = await misbehaving(({ socket, turn }) => {
      if (turn === 0) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      else socket.destroy();
    });
    const { http } = user();
    assert.equal((await http.get(dying.url)).status, 200);
    assert.equal((await http.get(dying.url)).status, 200);
    assert.equal(dying.sockets.length, 2);
    assert.equal((await http.post(dying.url, 'x')).error_code, 1000);
    assert.equal(dying.sockets.length, 2);
  });
});
