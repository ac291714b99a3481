import assert from 'node:assert/strict';
import { event, GOOD, misbehavingServers, STREAM } from '../../support/misbehaving-server.js';
import { testClients } from '../../support/test-client.js';

describe('the head of a request', () => {
  const start = misbehavingServers();
  const clientOf = testClients();

  /** Request line and headers as a server saw them, in original case. */
  async function seen(path: string, apiKey?: string, headers?: Record<string, string>) {
    const { url, calls } = await start(({ socket }) => socket.write(GOOD));
    const { failure } = await clientOf(url + path, apiKey).ask(headers ? { headers } : {});
    assert.equal(failure, undefined);
    const [line, ...lines] = calls[0]!.head.trimEnd().split('\r\n');
    return { line, lines, length: Buffer.byteLength(calls[0]!.body), host: new URL(url).host };
  }

  it('has content type, accepted types and no authorization without a key', async () => {
    const { line, lines, length, host } = await seen('');
    assert.equal(line, 'POST /v1/chat/completions HTTP/1.1');
    assert.deepEqual(lines.toSorted(), [
      'accept-encoding: identity',
      'accept: text/event-stream',
      'connection: keep-alive',
      `content-length: ${length}`,
      'content-type: application/json',
      `host: ${host}`,
      'user-agent: tokenswarm',
    ]);
  });

  it('has the path of the base URL before its own', async () => {
    assert.equal((await seen('/openai/v3/')).line, 'POST /openai/v3/chat/completions HTTP/1.1');
  });

  it("has the script's headers, each name once, whatever its case", async () => {
    const own = { Authorization: 'Bearer own', 'User-Agent': 'mine', 'X-Tenant': 'Seven' };
    const { lines } = await seen('', 'sk-1', own);
    const named = lines.filter((line) => /^(authorization|user-agent|x-tenant):/i.test(line));
    assert.deepEqual(named.toSorted(), ['authorization: Bearer own', 'user-agent: mine', 'x-tenant: Seven']);
  });

  it('hides its key in failures, also in the middle of a stream', async () => {
    const server = await start(({ socket, head }) => {
      const key = /authorization: (.*)\r/.exec(head)?.[1];
      socket.write(STREAM + event({ error: { message: `${key} is used up` } }));
    });
    const { failure } = await clientOf(server.url, 'sk-very-secret').ask();
    assert.deepEqual(failure, { kind: 'stream_error', message: 'Bearer *** is used up', status: 200 });
  });

  it("hides the script's own key in failures", async () => {
    const server = await start(({ socket, head }) => {
      const key = /api-key: (.*)\r/.exec(head)?.[1];
      socket.write(STREAM + event({ error: { message: `${key} is used up` } }));
    });
    const { failure } = await clientOf(server.url).ask({ headers: { 'api-key': 'secret-of-mine' } });
    assert.equal(failure?.message, '*** is used up');
  });

  it('fails only its own request where it cannot be written', async () => {
    const { url, calls } = await start(({ socket }) => socket.write(GOOD));
    const client = clientOf(url);
    assert.match(
      (await client.ask({ headers: { 'x-bad': 'a\r\nb' } })).failure?.message ?? '',
      /the header "x-bad" has a character that no header may have/,
    );
    assert.equal((await client.ask()).failure, undefined);
    assert.equal(calls.length, 1);
  });
});
