import assert from 'node:assert/strict';
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createSimulator } from '../../../engine/simulator/index.js';
import { COMMAND, tokenswarm } from '../../support/command.js';
import { contentOf, get, stream } from './chat.js';

describe('tokenswarm simulate', () => {
  let child: ChildProcess | undefined;

  afterEach(() => child?.kill('SIGKILL'));

  it('prints its URL and ends with 0 on Ctrl-C', async () => {
    child = spawn(process.execPath, [
      COMMAND,
      'simulate',
      '--port',
      '0',
      '--ttft',
      '1',
      '--itl',
      '0.5',
      '--tokens',
      '7',
    ]);
    const [line] = (await once(child.stdout!, 'data')) as [Buffer];
    const [, url = ''] = /^tokenswarm simulator listens on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(`${line}`) ?? [];
    assert.equal(contentOf(await stream(url, {})).length, 7);
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });

  it('reports its URL to a parent, survives Ctrl-C, and ends with its parent', async () => {
    child = fork(COMMAND, ['simulate', '--port', '0'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const [message] = (await once(child, 'message')) as [{ type: string; url: string }];
    assert.equal(message.type, 'listening');
    child.kill('SIGINT');
    assert.equal((await get(`${message.url}/health`)).status, 200);
    child.disconnect();
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });

  it('says that the port is in use and how to find another', async () => {
    const simulator = await createSimulator();
    try {
      const { code, stderr } = await tokenswarm(['simulate', '--port', `${simulator.port}`]);
      assert.equal(code, 104);
      assert.match(stderr, /^hint .*--port 0/m);
    } finally {
      await simulator.close();
    }
  });

  it('refuses flags that are no numbers in range', async () => {
    for (const [flag, value] of [
      ['--port', '70000'],
      ['--port', 'http'],
      ['--ttft', '-1'],
      ['--itl', '10ms'],
      ['--tokens', '1.5'],
      ['--max-num-seqs', '0'],
      ['--seed', 'x'],
    ] as const) {
      const { code, stderr } = await tokenswarm(['simulate', flag, value]);
      assert.equal(code, 104);
      assert.ok(stderr.startsWith(`error ${flag}: expected `), stderr);
    }
  });
});
