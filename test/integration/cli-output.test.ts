import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { spawnTokenswarm, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { CHATTING, FAST } from '../support/scripts.js';
import { forkSimulator, type Simulator, sharedSimulator } from '../support/simulator.js';

/** A scenario that lets out the key wherever it can. */
const TELLTALE = `
import { chat } from 'tokenswarm';
export default async function () {
  await chat({ messages: 'hi' });
  void Promise.reject(new Error(__ENV.OPENAI_API_KEY));
  throw new Error(__ENV.OPENAI_API_KEY);
}
`;

describe('the output of a command', () => {
  const folder = testFolder();
  let simulator: Simulator;
  let target: readonly string[];

  before(async () => {
    simulator = await sharedSimulator();
    target = ['--base-url', simulator.url, '--model', FAST];
  });

  it('says why a run failed, even if the summary does not', async () => {
    const file = folder.write('wrong.js', CHATTING.replace(/chat\(\{/, 'chat({ wrong: 1,'));
    for (const form of ['none', 'vllm', 'locust', 'json']) {
      const { code, stdout, stderr } = await tokenswarm(['run', file, ...target, '-i', '1', '-q', '--summary', form]);
      assert.deepEqual([code, stdout === ''], [107, form === 'none']);
      assert.match(stderr, /^error no request was sent, every iteration threw: .*chat does not know the field wrong/m);
    }
  });

  it('names failed thresholds, even if the summary does not', async () => {
    const limits = `export const options = { thresholds: { llm_requests: ['count<1', 'count<9'] } };`;
    const file = folder.write('limited.js', `${CHATTING}\n${limits}`);
    const { code, stderr } = await tokenswarm(['run', file, ...target, '-i', '1', '-q', '--summary', 'vllm']);
    assert.equal(code, 99);
    assert.match(stderr, /^error 1 of 2 thresholds failed: llm_requests count<1$/m);
  });

  it('never has the API key, even when the server repeats it', async () => {
    const guarded = await forkSimulator('--api-key', 'sk-right');
    try {
      const scenario = folder.write('key.ts', TELLTALE);
      const args = [
        'run',
        scenario,
        '--base-url',
        guarded.url,
        '--model',
        FAST,
        '-i',
        '1',
        '--out',
        `json=${folder.path}/key.json`,
      ];
      const wrong = await tokenswarm([...args, '--api-key', 'sk-secret-wrong']);
      assert.equal(wrong.code, 104);
      assert.match(wrong.stderr, /rejects the API key/);
      const right = await tokenswarm(args, { env: { OPENAI_API_KEY: 'sk-right' } });
      assert.equal(right.code, 0, right.stderr);
      const thrown = folder.summary('key.json').errors.map(({ message }) => message);
      assert.deepEqual(thrown.sort(), ['***', '*** (in a promise that nothing awaits)']);
      const shown =
        wrong.stderr + wrong.stdout + right.stdout + right.stderr + readFileSync(`${folder.path}/key.json`, 'utf8');
      assert.ok(!shown.includes('sk-secret-wrong') && !shown.includes('sk-right'));
    } finally {
      guarded.stop();
    }
  });

  it('shows an exception while it runs, once, with the line of the file', async () => {
    const scenario = folder.write(
      'often.ts',
      `import { sleep } from 'tokenswarm';\nexport default async function () {\n  await sleep(0.05);\n  if (__ITER > 0) throw new Error('again');\n}\n`,
    );
    const { code, stderr } = await tokenswarm(['run', scenario, ...target, '-u', '2', '-d', '2s']);
    assert.equal(code, 0);
    assert.equal(stderr.match(/often\.ts:4:25: again/g)?.length, 1, stderr);
  });

  it('may be closed by its reader without harm to the run', async () => {
    const scenario = folder.write('unread.ts', CHATTING);
    const out = ['--out', `json=${folder.path}/unread.json`];
    const running = spawnTokenswarm(['run', scenario, ...target, '-u', '2', '-d', '2s', ...out]);
    running.child.stdout?.destroy();
    await running.saw('00:01');
    running.child.stderr?.destroy();
    assert.equal((await running.ended).code, 0);
    assert.equal(folder.summary('unread.json').run.outcome, 'completed');
  });

  it('has no control characters without a terminal', async () => {
    const scenario = folder.write('plain.ts', CHATTING);
    const { stdout, stderr } = await tokenswarm(['run', scenario, ...target, '-u', '1', '-d', '1s']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    assert.ok(!/[\x00-\x09\x0b-\x1f\x7f]/.test(stdout + stderr));
    assert.ok(existsSync(scenario));
  });
});
