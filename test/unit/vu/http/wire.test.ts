import assert from 'node:assert/strict';
import { misbehavingServers } from '../../../support/misbehaving-server.js';
import { httpUsers } from './user.js';

const OK = 'HTTP/1.1 200 Fine\r\ncontent-length: 2\r\n\r\nok';

describe('an HTTP request on the wire', () => {
  const start = misbehavingServers();
  const user = httpUsers();

  it('has a length where its method says so, and what the script says of its host and connection', async () => {
    const server = await start(({ socket }) => socket.write(OK));
    const { http } = user();
    const { host } = new URL(server.url);
    await http.get(`${server.url}/a`);
    await http.post(`${server.url}/b`);
    await http.put(`${server.url}/c`, 'é', { headers: { Host: 'other', 'Content-Length': '99' } });
    const heads = server.calls.map(({ head }) => head.trimEnd().split('\r\n'));
    const common = ['connection: keep-alive', 'User-Agent: tokenswarm'];
    assert.deepEqual(heads, [
      ['GET /a HTTP/1.1', `host: ${host}`, ...common],
      ['POST /b HTTP/1.1', `host: ${host}`, ...common, 'content-length: 0'],
      ['PUT /c HTTP/1.1', 'connection: keep-alive', 'Host: other', 'User-Agent: tokenswarm', 'content-length: 2'],
    ]);
  });

  it('sends letters beyond ASCII in a header as Latin-1, whatever its body is', async () => {
    const server = await start(({ socket }) => socket.write(OK));
    const { http } = user();
    for (const body of [undefined, '你好', new Uint8Array([1, 2]).buffer]) {
      await http.post(server.url, body, { headers: { 'x-name': 'Zoë' } });
    }
    for (const { head } of server.calls) assert.ok(head.includes('x-name: Zo\xeb\r\n'), head);
    assert.equal(server.calls[1]?.body, '你好');
  });

  it('refuses what would end the head, or frame the body', async () => {
    const server = await start(({ socket }) => socket.write(OK));
    const { http } = user();
    const split = await http.get(server.url, { headers: { 'x-a': 'b\r\nx-c: d' } });
    const framed = await http.post(server.url, 'a', { headers: { 'Transfer-Encoding': 'chunked' } });
    assert.equal(split.error, 'the header "x-a" has a character that no header may have');
    assert.equal(framed.error, 'a request has no transfer-encoding here: its body is sent whole');
    const method = await http.request('GET / HTTP/1.1\r\nx:', server.url);
    assert.equal(method.error, '"GET / HTTP/1.1\\r\\nX:" is not an HTTP method');
    assert.equal(server.calls.length, 0);
  });

  it('takes a response to HEAD for one without a body, and goes on over the same socket', async () => {
    const server = await start(({ socket, head }) =>
      socket.write(head.startsWith('HEAD') ? 'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n' : OK),
    );
    const { http } = user();
    assert.deepEqual([(await http.head(server.url)).status, (await http.get(server.url)).body], [200, 'ok']);
    assert.equal(server.sockets.length, 1);
  });

  it('waits for the response behind an early hint', async () => {
    const server = await start(({ socket }) => socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${OK}`));
    const response = await user().http.get(server.url);
    assert.deepEqual([response.status_text, response.body, response.headers.Link], ['200 Fine', 'ok', undefined]);
  });
});
