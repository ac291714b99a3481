import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import type { Params } from '../../../../engine/api/http-params.js';
import type { UserError } from '../../../../engine/errors.js';
import type { Echo } from '../../../support/http-server.js';
import { httpServer, httpUsers } from './user.js';

describe('an HTTP request', () => {
  const server = httpServer();
  const user = httpUsers();

  it('has the method of its function', async () => {
    const { http } = user();
    const url = `${server.url}/anything`;
    const made = [
      await http.get(url),
      await http.post(url, 'b'),
      await http.put(url, 'b'),
      await http.patch(url, 'b'),
      await http.del(url, 'b'),
      await http.options(url, 'b'),
      await http.request('purge', url, 'b'),
    ];
    const echoes = made.map((response) => response.json<Echo>());
    assert.deepEqual(
      echoes.map(({ method, body }) => `${method} ${body}`),
      ['GET ', 'POST b', 'PUT b', 'PATCH b', 'DELETE b', 'OPTIONS b', 'PURGE b'],
    );
    const head = await http.head(`${server.url}/bytes/5`);
    assert.deepEqual([head.status, head.headers['Content-Length'], head.body], [200, '5', '']);
  });

  it('tells everything about its response', async () => {
    const { http } = user();
    const url = `${server.url}/anything/here?q=1&r=%20`;
    const response = await http.get(`${url}#part`, { headers: { 'x-Mine': 'yes' } });
    const { timings, ...rest } = JSON.parse(JSON.stringify(response)) as Record<string, unknown>;
    const { headers, body, request, ...plain } = rest as Record<string, Record<string, unknown>>;
    assert.deepEqual(plain, {
      status: 200,
      status_text: '200 OK',
      url,
      error: '',
      error_code: 0,
      proto: 'HTTP/1.1',
      remote_ip: '127.0.0.1',
      remote_port: server.get().port,
      cookies: {},
    });
    assert.equal(headers?.['Content-Type'], 'application/json');
    assert.equal(body, response.body);
    assert.deepEqual(request, {
      method: 'GET',
      url,
      headers: { 'X-Mine': ['yes'], 'User-Agent': ['tokenswarm'] },
      body: '',
      cookies: {},
    });
    assert.deepEqual(timings, response.timings);
    assert.equal(response.json('url'), '/anything/here?q=1&r=%20');
  });

  it('names headers as k6 does and joins those that came more than once', async () => {
    const { http } = user();
    const { headers } = await http.get(`${server.url}/repeated`);
    assert.deepEqual([headers['X-Many'], headers['X-Other-Name']], ['a, b', '1']);
  });

  it('sends texts and bytes as they are, and objects as forms', async () => {
    const { http } = user();
    const url = `${server.url}/anything`;
    const echo = async (body: Parameters<typeof http.post>[1], params?: Params) => {
      const response = await http.post(url, body, { ...params, responseType: 'text' });
      const { body: got, bytes, headers } = response.json<Echo>();
      return { got, bytes, type: headers['content-type'], length: headers['content-length'] };
    };
    assert.deepEqual(await echo('你好'), { got: '你好', bytes: 6, type: undefined, length: '6' });
    assert.deepEqual(await echo(Buffer.from('buf')), { got: 'buf', bytes: 3, type: undefined, length: '3' });
    const { buffer } = new Uint8Array([97, 98, 99]);
    assert.deepEqual(await echo(buffer), { got: 'abc', bytes: 3, type: undefined, length: '3' });
    assert.deepEqual(await echo(new Uint8Array(buffer, 1)), { got: 'bc', bytes: 2, type: undefined, length: '2' });
    assert.deepEqual(await echo(null), { got: '', bytes: 0, type: undefined, length: '0' });
    const form = 'application/x-www-form-urlencoded';
    assert.deepEqual(await echo({ a: 'x y', b: 2, c: ['&', true] }), {
      got: 'a=x+y&b=2&c=%26&c=true',
      bytes: 22,
      type: form,
      length: '22',
    });
    assert.equal((await echo(new URLSearchParams({ q: '1' }))).type, form);
    assert.equal((await echo({ a: 1 }, { headers: { 'content-TYPE': 'text/own' } })).type, 'text/own');
    await assert.rejects(http.post(url, 7 as never), /a body is a text, an object/);
  });

  it('sends files as multipart', async () => {
    const { http } = user();
    const url = `${server.url}/anything`;
    const fields = {
      note: 'hi',
      pic: http.file(Buffer.from('pixels'), 'p.png', 'image/png'),
      plain: http.file('txt'),
    };
    const { body, headers } = (await http.post(url, fields)).json<Echo>();
    assert.match(headers['content-type'] ?? '', /^multipart\/form-data; boundary=/);
    assert.match(body, /name="note"\r\n\r\nhi\r\n/);
    assert.match(body, /name="pic"; filename="p\.png"\r\nContent-Type: image\/png\r\n\r\npixels\r\n/);
    assert.match(body, /name="plain"; filename="file"\r\nContent-Type: application\/octet-stream\r\n\r\ntxt\r\n/);
    const form = new FormData();
    form.append('own', 'yes');
    assert.match((await http.post(url, form)).json<Echo>().body, /name="own"\r\n\r\nyes/);
  });

  it('compresses its body and decompresses the response', async () => {
    const { http, exchanges } = user();
    const sent = await http.post(`${server.url}/anything`, 'x'.repeat(1000), { compression: 'br, gzip' });
    const { headers, bytes } = sent.json<Echo>();
    assert.equal(headers['content-encoding'], 'br, gzip');
    assert.ok(bytes < 100);
    assert.equal(gunzipSync(exchanges[0]?.body as Buffer).length < bytes, true, 'the last coding is the outer one');
    for (const coding of ['gzip', 'deflate', 'raw', 'br']) {
      const response = await http.get(`${server.url}/packed/${coding}`);
      assert.equal(response.body, '你好 packed', coding);
    }
    await assert.rejects(
      http.post(server.url, 'x', { compression: 'lzw' }),
      /cannot compress with "lzw": there are gzip/,
    );
  });

  it('gives the body as text, as bytes or not at all', async () => {
    const { http } = user();
    const url = `${server.url}/bytes/3`;
    assert.equal((await http.get(url)).body, '\u0007\u0007\u0007');
    const binary = await http.get(url, { responseType: 'binary' });
    assert.deepEqual(new Uint8Array(binary.body ?? new ArrayBuffer(0)), new Uint8Array([7, 7, 7]));
    const none = await http.get(url, { responseType: 'none' });
    assert.deepEqual([none.status, none.body], [200, null]);
    assert.throws(() => none.json(), /there is no body to read as JSON/);
    const discarding = user({ http: { discardResponseBodies: true } });
    assert.equal((await discarding.http.get(url)).body, null);
    assert.equal((await discarding.http.get(url, { responseType: 'text' })).body, '\u0007\u0007\u0007');
  });

  it('reads JSON and parts of it, and says so when there is none', async () => {
    const { http } = user();
    const response = await http.get(`${server.url}/json`);
    assert.equal(response.json('users.1.name'), 'bob');
    assert.deepEqual(response.json('users.#.name'), ['ann', 'bob']);
    assert.equal(response.json('no.such'), undefined);
    const other = await http.get(`${server.url}/bytes/1`);
    assert.throws(() => other.json(), /the body of http:.*\/bytes\/1 \(HTTP 200\) is not JSON/);
  });

  it('authorises itself by user and password of the URL, which nobody sees', async () => {
    const { http } = user();
    const url = server.url.replace('//', '//us%40er:pa:ss@');
    const response = await http.get(`${url}/anything`, { auth: 'basic' });
    const expected = `Basic ${Buffer.from('us@er:pa:ss').toString('base64')}`;
    assert.equal(response.json('headers.authorization'), expected);
    assert.equal(response.url, `${server.url}/anything`);
    const own = await http.get(`${url}/anything`, { headers: { authorization: 'Bearer x' } });
    assert.equal(own.json('headers.authorization'), 'Bearer x');
  });

  it('names itself as the option says, unless the script does', async () => {
    const { http } = user({ http: { userAgent: 'mine/1' } });
    assert.equal((await http.get(`${server.url}/anything`)).json('headers.user-agent'), 'mine/1');
    const own = await http.get(`${server.url}/anything`, { headers: { 'user-agent': 'other' } });
    assert.equal(own.json('headers.user-agent'), 'other');
  });

  it('goes to the server under test when its URL is a path, and takes the API key only there', async () => {
    const { http } = user({ baseUrl: `${server.url}/v1`, apiKey: 'sk-1' });
    const own = await http.get('/anything?x=1');
    assert.deepEqual([own.url, own.json('headers.authorization')], [`${server.url}/anything?x=1`, 'Bearer sk-1']);
    const absolute = await http.get(`${server.url}/anything`);
    assert.equal(absolute.json('headers.authorization'), undefined);
    const named = await http.get('/anything', { headers: { Authorization: 'mine' } });
    assert.equal(named.json('headers.authorization'), 'mine');
  });

  it('asks for a base URL when there is none to take a path from', async () => {
    const { http } = user();
    await assert.rejects(http.get('/health'), (error: UserError) => {
      assert.deepEqual([error.exitCode, error.where], [104, 'target']);
      assert.match(error.message, /http\.get\("\/health"\) needs the server under test, but none was given/);
      return true;
    });
  });

  it('reuses its connection, for one origin as for another', async () => {
    const { http } = user();
    const before = server.get().sockets();
    for (let i = 0; i < 5; i += 1) await http.get(`${server.url}/bytes/1`);
    assert.equal(server.get().sockets() - before, 1);
    for (let i = 0; i < 3; i += 1) await http.get(`${server.url.replace('127.0.0.1', 'localhost')}/bytes/1`);
    assert.equal(server.get().sockets() - before, 2);
  });

  it('refuses parameters that it cannot read, all at once', async () => {
    const { http } = user();
    await assert.rejects(
      http.get(server.url, { header: {} } as never),
      /^TypeError: http\.get does not know the field header; did you mean "headers"\?/,
    );
    const wrong = {
      headers: 'x',
      cookies: [],
      jar: {},
      redirects: -1,
      tags: 1,
      timeout: 'soon',
      compression: 1,
      responseType: 'json',
      auth: 'digest',
      responseCallback: 200,
      throw: 'yes',
    };
    await assert.rejects(http.get(server.url, wrong as never), (error: Error) => {
      assert.ok(error instanceof TypeError);
      for (const field of Object.keys(wrong)) assert.match(error.message, new RegExp(`${field}: expected `));
      return true;
    });
    await assert.rejects(http.get(7 as never), /http\.get: expected a URL, got 7/);
    assert.throws(() => http.expectedStatuses({ min: 3, max: 1 }), /expected statuses or \{min, max\}/);
    assert.throws(() => http.setResponseCallback(200 as never), /takes http\.expectedStatuses/);
  });
});
