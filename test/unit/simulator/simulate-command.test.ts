import assert from 'node:assert/strict';
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { simulateCommand } from '../../../bin/commands/simulate.js';
import { UserError } from '../../../engine/errors.js';
import { createSimulator } from '../../../engine/simulator/index.js';
import { contentOf, get, stream } from './chat.js';

const PROGRAM = new URL('./simulate-process.js', import.meta.url).pathname;

describe('tokenswarm simulate', () => {
  let child: ChildProcess | undefined;

  afterEach(() => child?.kill('SIGKILL'));

  it('prints its URL and ends with 0 on Ctrl-C', async () => {
    child = spawn(process.execPath, [PROGRAM, '--port', '0', '--ttft', '1', '--itl', '0.5', '--tokens', '7']);
    const [line] = (await once(child.stdout!, 'data')) as [Buffer];
    const [, url = ''] = /^tokenswarm simulator listens on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(`${line}`) ?? [];
    assert.equal(contentOf(await stream(url, {})).length, 7);
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });

  it('tells a parent its URL, lives through Ctrl-C, and leaves with its parent', async () => {
    child = fork(PROGRAM, ['--port', '0'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
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
      await assert.rejects(
        simulateCommand().parseAsync(['--port', `${simulator.port}`], { from: 'user' }),
        (error) => error instanceof UserError && error.exitCode === 104 && /--port 0/.test(error.hint ?? ''),
      );
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
      await assert.rejects(
        async () => simulateCommand().parseAsync([flag, value], { from: 'user' }),
        (error) => error instanceof UserError && error.where === flag && error.exitCode === 104,
      );
    }
  });
});
