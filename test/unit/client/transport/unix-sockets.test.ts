import assert from 'node:assert/strict';
import { join } from 'node:path';
import { parseTarget, publicUrl } from '../../../../engine/client/target.js';
import { readProxies } from '../../../../engine/client/transport/proxy.js';
import { PLAIN } from '../../../../engine/client/transport/transport.js';
import { testFolder } from '../../../support/folder.js';
import { GOOD, misbehavingServers } from '../../../support/misbehaving-server.js';
import { testClients } from '../../../support/test-client.js';

describe('a server on a Unix socket', () => {
  const start = misbehavingServers();
  const clientOf = testClients();
  const folder = testFolder();

  const addresses: readonly [string, string, string][] = [
    ['unix:/run/vllm.sock', 'unix:/run/vllm.sock', '/v1'],
    ['unix:///run/vllm.sock', 'unix:/run/vllm.sock', '/v1'],
    ['unix:/run/vllm.sock:/v1', 'unix:/run/vllm.sock', '/v1'],
    ['unix:/run/vllm.sock:/', 'unix:/run/vllm.sock', '/v1'],
    ['unix:/run/my server/s:/openai/v3/', 'unix:/run/my server/s', '/openai/v3'],
  ];
  for (const [baseUrl, origin, basePath] of addresses) {
    it(`has the address ${baseUrl}`, () => {
      const target = parseTarget({ baseUrl, model: 'm' });
      assert.deepEqual([target.origin, target.basePath], [origin, basePath]);
      assert.equal(publicUrl(baseUrl), `${origin}:${basePath}`);
    });
  }

  for (const baseUrl of [
    'unix:',
    'unix:/',
    'unix:run/vllm.sock',
    'unix:/run/vllm.sock:v1',
    'unix:/run/vllm.sock?a=b',
  ]) {
    it(`cannot have the address ${baseUrl}`, () => {
      assert.throws(() => parseTarget({ baseUrl, model: 'm' }), /expected an http\(s\) URL or unix:\/path, got "unix:/);
    });
  }

  it('is used like any other, without a proxy', async () => {
    const path = join(folder.path, 'server.sock');
    const server = await start(({ socket }) => socket.write(GOOD), { path });
    const settings = { ...PLAIN, proxies: readProxies({ ALL_PROXY: 'http://127.0.0.1:1' }) };
    const client = clientOf(`${server.url}:/v2`, 'sk-1', settings);
    for (let i = 0; i < 2; i += 1) {
      const { failure, text, bytesReceived, connectedAt, sentAt } = await client.ask();
      assert.deepEqual([failure, text, bytesReceived], [undefined, 'Hello you', GOOD.length]);
      if (i === 0) assert.ok(connectedAt! >= sentAt);
    }
    assert.equal(server.sockets.length, 1);
    assert.match(server.calls[0]!.head, /^POST \/v2\/chat\/completions HTTP\/1.1\r\nhost: localhost\r\n/);
  });

  it('fails with its path where it does not exist', async () => {
    const path = join(folder.path, 'nothing.sock');
    const { failure } = await clientOf(`unix:${path}`).ask();
    assert.deepEqual(failure, { kind: 'connect', message: `connect ENOENT ${path}` });
  });
});
