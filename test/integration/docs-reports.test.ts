import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOutputs } from '../../reporters/outputs.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { blocks, namedBlocks } from '../support/page.js';
import { virtualTime } from '../support/virtual-time.js';

describe('docs/reports.md', () => {
  const folder = testFolder();
  const time = virtualTime();

  before(async () => {
    folder.write(
      'my-test.ts',
      `import { chat, check } from 'tokenswarm';
       export const options = { thresholds: { llm_ttft: ['p(95)<60000'] } };
       export default async function () {
         check(await chat({ messages: 'why?' }), { answered: ({ ok }) => ok });
       }`,
    );
  });
  before(() => {
    for (const [name, content] of namedBlocks('docs/reports.md')) folder.write(name, content);
  });
  const commands = blocks('docs/reports.md', 'sh').flatMap((block) => block.trim().split('\n'));

  for (const command of commands) {
    it(`tells the truth about ${command.length > 100 ? `${command.slice(0, 100)}…` : command}`, async () => {
      const words = command.replaceAll('"', '').replace('$GITHUB_STEP_SUMMARY', 'step.md').split(' ');
      assert.equal(words[0], 'tokenswarm');
      const args = words.slice(1);
      // The load of the page is for minutes, and nobody is killed here.
      const amount = command.includes('./') ? ['-d', '2500ms'] : ['-i', '12', '-d', '10s'];
      const load = ['-u', '4', ...amount, '--base-url', time.url, '--model', 'sim-ttft5-itl1-len5'];
      if (args[0] === 'run') args.push(...load);
      const journal = args.find((arg) => arg.endsWith('.journal'));
      if (journal) copyFileSync(join(folder.path, 'results/run.json'), join(folder.path, journal));
      const { code, stdout, stderr } = await tokenswarm(args, { cwd: folder.path, time });
      assert.equal(code, 0, stdout + stderr);
      const outs = args.filter((_, index) => args[index - 1] === '--out');
      const own = outs.filter((out) => out.startsWith('./'));
      for (const out of own) {
        const text = readFileSync(join(folder.path, out.replace(/^.*=/, '')), 'utf8');
        assert.match(text, /^seconds,tokens_per_second\n(?:\d+,[\d.]+\n)+$/);
      }
      for (const { format, path } of readOutputs(outs.filter((out) => !own.includes(out)))) {
        for (const { suffix } of format.open ? [{ suffix: '' }] : format.files) {
          const file = join(folder.path, path + suffix);
          assert.ok(existsSync(file) && readFileSync(file).length > 0, file);
        }
      }
    });
  }
});
