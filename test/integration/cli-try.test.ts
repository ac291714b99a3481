import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { blocks } from '../support/page.js';
import { FAST } from '../support/scripts.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

const REASONING = 'sim-ttft60-itl8-len25-think5-x';
const TOOLS = `[{ type: 'function', function: { name: 'weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } } } } }]`;

describe('new and try', () => {
  const folder = testFolder();
  let simulator: Simulator;
  let target: readonly string[];

  before(async () => {
    simulator = await sharedSimulator();
    target = ['--base-url', simulator.url, '--model', FAST];
  });

  it('write a scenario that runs, and overwrite nothing', async () => {
    const fresh = await tokenswarm(['new', 'my-test.ts'], { cwd: folder.path });
    assert.equal(fresh.code, 0, fresh.stderr);
    const again = await tokenswarm(['new', 'my-test.ts'], { cwd: folder.path });
    assert.equal(again.code, 104);
    assert.match(again.stderr, /the file exists already/);
    const tried = await tokenswarm(['try', 'my-test.ts', '--simulate'], { cwd: folder.path });
    assert.equal(tried.code, 0, tried.stderr);
    for (const shown of [
      'user',
      'headers',
      'first chunk',
      'first token',
      'last token',
      'ended',
      'TTFT',
      'TPOT',
      'completed',
    ]) {
      assert.ok(tried.stdout.includes(shown), shown);
    }
  });

  it('write what the README shows, and name the program as it was started', async () => {
    const { stdout } = await tokenswarm(['new', 'shown.ts'], { cwd: folder.path, env: { npm_command: 'exec' } });
    assert.equal(stdout, 'wrote shown.ts; now try: npx tokenswarm try shown.ts --simulate\n');
    assert.ok(blocks('README.md', 'ts').includes(readFileSync(`${folder.path}/shown.ts`, 'utf8')));
  });

  it('show a failing iteration with the line of the file', async () => {
    const scenario = folder.write(
      'broken.ts',
      `import { chat } from 'tokenswarm';\n\nexport default async function () {\n  throw new Error('oh no');\n}\n`,
    );
    const { code, stdout } = await tokenswarm(['try', scenario, ...target]);
    assert.equal(code, 107);
    assert.match(stdout, /broken\.ts:4:9/);
    assert.match(stdout, /broken\.ts:4:9\n {2}Error: oh no\n {2}at .*broken\.ts:4:9\)\n$/);
  });

  it('exit with 107 for a promise that never settles, or that nothing awaits, and with 100 for a late setup', async () => {
    const never = folder.write('never.ts', 'export default async function () { await new Promise(() => {}); }');
    const waiting = await tokenswarm(['try', never], { alone: true });
    assert.equal(waiting.code, 107);
    assert.match(waiting.stderr, /awaits a promise that never settles/);
    const loose = folder.write(
      'loose.ts',
      `import { sleep } from 'tokenswarm';
       export async function setup() { return { mine: [1] }; }
       export default async function (data) { void Promise.reject(new Error('loose ' + data.mine)); await sleep(0.05); }`,
    );
    const { code, stdout, stderr } = await tokenswarm(['try', loose], { alone: true });
    assert.equal(code, 107);
    assert.match(stderr, /loose\.ts:3:\d+: loose 1 \(in a promise that nothing awaits\)/);
    assert.match(stdout, /completed/);
    const late = folder.write(
      'late.ts',
      `import { sleep } from 'tokenswarm';
       export const options = { setupTimeout: '50ms' };
       export async function setup() { await sleep(60); }
       export default async function () {}`,
    );
    assert.equal((await tokenswarm(['try', late])).code, 100);
  });

  it('wait for a request without an await, show it, and exit with 107', async () => {
    const file = folder.write(
      'careless.js',
      `import { chat } from 'tokenswarm';
       export default async function () { chat({ messages: 'Hello?' }); }`,
    );
    const { code, stdout } = await tokenswarm(['try', file, ...target]);
    assert.equal(code, 107);
    assert.match(stdout, /→ chat, [^\n]*\n {2}user Hello\?\n← \w[\s\S]*TTFT/);
    assert.match(stdout, /\n✗ 1 request outlived its iteration: is an await missing at chat\?\n$/);
    assert.doesNotMatch(stdout, /made no request|completed/);
  });

  it('say that tokens are an estimate where the server reports no usage', async () => {
    const silent = 'extraBody: { stream_options: { include_usage: false } }';
    folder.write(
      'uncounted.ts',
      `import { chat } from 'tokenswarm';
       export default () => chat({ messages: 'hi', maxTokens: 4, ${silent} });`,
    );
    const { stdout } = await tokenswarm(['try', 'uncounted.ts', ...target], { cwd: folder.path });
    assert.match(
      stdout,
      /output tokens +4 {2}stream events counted, an estimate: the server did not report its usage\n/,
    );
  });

  it('show requests, answers and instants of every protocol', async () => {
    const file = folder.write(
      'protocols.ts',
      `import { anthropic, complete, embed, ollama, responses } from 'tokenswarm';
       export default async () => {
         await complete({ prompt: [1, 2, 3], maxTokens: 4, extraBody: { echo: true } });
         await embed({ input: ['one', 'two'], dimensions: 8 });
         await responses({ messages: 'Hello?', tools: ${TOOLS}, toolChoice: 'required' });
         await anthropic({ messages: [{ role: 'user', content: 'Wie?' }], headers: { 'x-api-key': 'secret' } });
         await ollama({ messages: 'Hm?', stream: false });
       };`,
    );
    const { code, stdout } = await tokenswarm(['try', file, '--base-url', simulator.url, '--model', REASONING]);
    assert.equal(code, 0, stdout);
    for (const shown of [
      /→ complete, model sim\S+ \{"maxTokens":4,"echo":true\}\n {2}prompt \[1,2,3\]\n/,
      /→ embed, model sim\S+ \{"dimensions":8\}\n {2}input \["one","two"\]\n← vector (-?0\.\d{4}, ){4}… \(8 dimensions\)\n/,
      /→ responses, .*\n {2}user Hello\?\n← reasoning \S.*\n← calls weather\(\{"city": "[^\n]+"\}\)\n/,
      /→ anthropic, .*\n {2}user Wie\?\n← reasoning/,
      /→ ollama, model sim\S+ \{"stream":false\}\n {2}user Hm\?\n← reasoning/,
    ]) {
      assert.match(stdout, shown);
    }
    assert.doesNotMatch(stdout, /secret/);
  });
});
