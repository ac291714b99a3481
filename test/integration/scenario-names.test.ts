import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { FAST } from '../support/scripts.js';
import { virtualTime } from '../support/virtual-time.js';

const KEFU = `
import { chat, env } from 'tokenswarm';
export const options = {
  scenarios: { 客服: { executor: 'shared-iterations', vus: env.whole('N', 1), iterations: 4 } },
  thresholds: { 'llm_e2e{scenario:客服}': ['max<60000'] },
};
export default () => chat({ messages: '你好' });
`;

/** Reports by file, and what each has of the scenario. */
const REPORTS: Readonly<Record<string, RegExp>> = {
  'json=run.json': /"name": ?"客服"/,
  'html=run.html': /客服/,
  'junit=run.xml': /llm_e2e\{scenario:客服\}/,
  'markdown=run.md': /scenario:客服/,
  'k6-json=k6.json': /"scenario":"客服"/,
  'k6-summary=k6-summary.json': /llm_e2e\{scenario:客服\}/,
  'requests=requests.jsonl': /"scenario":"客服"/,
};

describe('a scenario called 客服', () => {
  const folder = testFolder();
  const time = virtualTime();
  const file = folder.write('kefu.ts', KEFU);
  const read = (name: string) => readFileSync(`${folder.path}/${name}`, 'utf8');

  it('has its threshold, its rows and its place in every report', async () => {
    const { url } = time;
    const target = ['--base-url', url, '--model', FAST];
    const outputs = Object.keys(REPORTS).flatMap((output) => ['--out', output]);
    const ended = await tokenswarm(['run', file, ...target, ...outputs], { cwd: folder.path, time });
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /✓ llm_e2e\{scenario:客服\}\s+max<60000/);
    for (const [output, expected] of Object.entries(REPORTS)) assert.match(read(output.replace(/.*=/, '')), expected);
  });

  it('is swept, and described by its iterations, not its time limit', async () => {
    const { url } = time;
    const args = ['sweep', file, '--vary', 'N=1,2', '--base-url', url, '--model', FAST, '-o', 'swept'];
    const ended = await tokenswarm(args, { cwd: folder.path, time });
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stderr, /▶ 2 of 2: N=2, 4 iterations\n/);
    assert.match(read('swept/N=2.json'), /客服/);
  });
});
