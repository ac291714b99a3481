import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { identity, pem } from '../support/certificates.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { blocks } from '../support/page.js';
import { startProxy, type TestProxy } from '../support/proxy.js';
import { type Relay, startRelay } from '../support/relay.js';
import { forkSimulator, type SimulatorChild } from '../support/simulator.js';

const PAGE = 'docs/transport.md';

describe('docs/transport.md', () => {
  const folder = testFolder();
  let simulator: SimulatorChild;
  let second: SimulatorChild;
  let secure: Http2SecureServer;
  let socket: Relay;
  let proxy: TestProxy;
  let guarded: TestProxy;
  let mySockets: string;

  /** Replaces the made-up addresses of an example by test servers. */
  let aimed: (text: string) => string;

  before(async () => {
    simulator = await forkSimulator('--ttft', '5', '--itl', '1', '--tokens', '5');
    second = await forkSimulator('--ttft', '5', '--itl', '1', '--tokens', '5');
    secure = createSecureServer({ ...identity('server'), allowHTTP1: true }, (message, response) => {
      const headers = Object.fromEntries(Object.entries(message.headers).filter(([name]) => !name.startsWith(':')));
      const onward = request(simulator.url + message.url, { method: message.method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? '' });
        answer.pipe(response);
      });
      message.pipe(onward);
    });
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    mySockets = join(folder.path, 'vllm.sock');
    socket = await startRelay(simulator.url, { path: mySockets });
    proxy = await startProxy();
    guarded = await startProxy({ credentials: 'user:password' });
    for (const name of ['ca.pem', 'client.pem', 'client-key.pem']) folder.write(`pki/${name}`, pem(name));
    aimed = (text) =>
      text
        .replaceAll('llm.internal:8443', `localhost:${(secure.address() as AddressInfo).port}`)
        .replaceAll('user:password@proxy.internal:3128', `user:password@127.0.0.1:${guarded.port}`)
        .replaceAll('proxy.internal:3128', `127.0.0.1:${proxy.port}`)
        .replaceAll('10.0.0.0/8', '127.0.0.0/8')
        .replaceAll('10.0.0.7:8000', new URL(simulator.url).host)
        .replaceAll('10.0.0.8:8000', new URL(second.url).host)
        .replaceAll('/run/vllm.sock', mySockets);
  });

  after(async () => {
    simulator.stop();
    second.stop();
    secure.close();
    await Promise.all([socket.close(), proxy.close(), guarded.close()]);
  });

  for (const [index, scenario] of blocks(PAGE, 'ts').entries()) {
    it(`has a scenario ${index + 1} that runs against such servers`, async () => {
      const file = folder.write(`scenario-${index}.ts`, aimed(scenario));
      const { code, stdout, stderr } = await tokenswarm(['run', file], { cwd: folder.path });
      assert.equal(code, 0, stdout + stderr);
      assert.equal(/█ SERVERS/.test(stdout), scenario.includes('baseUrls'));
    });
  }

  const commands = blocks(PAGE, 'sh').flatMap((block) => block.trim().split('\n'));
  for (const command of commands) {
    it(`has a command that works: ${command}`, async () => {
      folder.write(
        'my-test.ts',
        "import { chat } from 'tokenswarm'; export default async function () { await chat({ messages: 'hi' }); }",
      );
      const [, variables = '', rest = ''] = /^((?:[A-Z_]+=\S+ )*)npx tokenswarm (.*)$/.exec(aimed(command)) ?? [];
      const env = Object.fromEntries(
        [...variables.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
      );
      const args = [...rest.split(' '), '-u', '2', '-i', '4'];
      const before = guarded.asked.length;
      const { code, stdout, stderr } = await tokenswarm(args, { cwd: folder.path, env });
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /requests\.+: 4 +4 succeeded, 0 failed/);
      assert.equal(guarded.asked.length > before, 'HTTPS_PROXY' in env);
      assert.deepEqual(proxy.asked, []);
    });
  }

  it('has no other command', () => assert.ok(commands.length >= 8 && blocks(PAGE, 'ts').length === 2));
});
