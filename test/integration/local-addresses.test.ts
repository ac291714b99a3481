import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { GOOD } from '../support/misbehaving-server.js';

describe('local addresses', function () {
  this.timeout(30_000);
  const folder = testFolder();

  before(function () {
    // Elsewhere 127.0.0.2 is not there by itself.
    if (process.platform !== 'linux') this.skip();
    folder.write(
      'ask.ts',
      `import { chat } from 'tokenswarm';
       export const options = { iterations: 4, vus: 4 };
       export default () => chat({ messages: 'hi' });`,
    );
  });

  it('are taken in turns, by requests of the load', async () => {
    const from = new Map<string, number>();
    const server = createServer((socket) => {
      const address = socket.remoteAddress ?? '';
      from.set(address, (from.get(address) ?? 0) + 1);
      socket.on('error', () => undefined).on('data', () => socket.write(GOOD));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { code, stderr } = await tokenswarm(
      [
        ...[
          'run',
          'ask.ts',
          '--base-url',
          `http://127.0.0.1:${port}/v1`,
          '--model',
          'm',
          '--workers',
          '1',
          '--no-preflight',
        ],
        ...[
          '--local-address',
          '127.0.0.2',
          '--local-address',
          '127.0.0.3',
          '--server-metrics',
          'off',
          '-q',
          '--summary',
          'none',
        ],
      ],
      { cwd: folder.path },
    );
    server.close();
    assert.equal(code, 0, stderr);
    assert.deepEqual([...from].sort(), [
      ['127.0.0.2', 2],
      ['127.0.0.3', 2],
    ]);
  });

  it('have to be of this machine', async () => {
    const refused = async (address: string) => {
      const { code, stderr } = await tokenswarm(
        ['run', 'ask.ts', '--base-url', 'http://127.0.0.1:9/v1', '--model', 'm', '--local-address', address],
        { cwd: folder.path },
      );
      assert.equal(code, 104);
      return stderr;
    };
    assert.match(
      await refused('203.0.113.7'),
      /--local-address: 203\.0\.113\.7 is no address of this machine\nhint +it has .*127\.0\.0\.1/,
    );
    assert.match(await refused('eth0'), /--local-address: expected an IP address of this machine, got "eth0"/);
  });
});
