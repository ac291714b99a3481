import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN, type MetricInfo } from '../engine/metrics/catalogue.js';
import { ROOT, tokenswarm } from './support/command.js';
import { testFolder } from './support/folder.js';
import { forkSimulator, type SimulatorChild } from './support/simulator.js';

const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => join('docs', name))].filter((name) =>
  name.endsWith('.md'),
);

/** The fenced blocks of a language on a page. */
function blocks(page: string, language: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block]) => block ?? '');
}

describe('the documentation', () => {
  const folder = testFolder();
  let simulator: SimulatorChild;

  before(async () => {
    simulator = await forkSimulator();
  });

  after(() => simulator.stop());

  for (const page of PAGES) {
    for (const [index, scenario] of blocks(page, 'ts').entries()) {
      // Those of executors.md run with their own load, in test/docs-executors.test.ts.
      if (!scenario.includes('export ') || page === 'docs/executors.md') continue;
      it(`${page}: its scenario ${index + 1} runs`, async () => {
        const file = folder.write(`${index}.ts`, scenario.replaceAll('../scenarios/', `${ROOT}/scenarios/`));
        const exec = /exec: '(\w+)'/.exec(scenario)?.[1];
        const adapted = exec
          ? folder.write(`${index}-default.ts`, `${readFileSync(file, 'utf8')}\nexport default ${exec};\n`)
          : file;
        const args = [
          'run',
          adapted,
          '--base-url',
          simulator.url,
          '--model',
          'sim-ttft5-itl1-len20',
          '-u',
          '1',
          '-i',
          '3',
        ];
        const { code, stdout, stderr } = await tokenswarm([...args, '--out', `json=${folder.path}/docs.json`], {
          cwd: folder.path,
        });
        assert.equal(code, 0, stdout + stderr);
        assert.deepEqual(folder.summary('docs.json').errors, []);
      });
    }
  }

  it('README: its commands work, one after the other', async function () {
    this.timeout(60_000);
    const commands = blocks('README.md', 'sh').flatMap((block) => block.trim().split('\n'));
    const ours = commands.filter((command) => command.startsWith('npx tokenswarm '));
    assert.ok(ours.length >= 4);
    for (const command of ours) {
      const words = command.split(' ').slice(2);
      // The load of the file is for minutes, and the server of the example is nobody's.
      const args = words.map((word) => (word === 'http://127.0.0.1:8000/v1' ? `${simulator.url}/v1` : word));
      const model = args.indexOf('--model');
      if (model > 0) args[model + 1] = 'sim';
      if (args[0] === 'run') args.push('-u', '1', '-i', '1');
      const { code, stderr } = await tokenswarm(args, { cwd: folder.path });
      assert.equal(code, 0, `${command}\n${stderr}`);
    }
    const rest = commands.filter((command) => !ours.includes(command));
    assert.deepEqual(rest, ['npm install && npm start', 'npm install && npm test'], 'what CI runs');
  });

  it('docs/metrics.md names every metric that the engine records', () => {
    const text = readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8');
    const shown = Object.entries<MetricInfo>(BUILT_IN).flatMap(([name, { hidden }]) => (hidden ? [] : [name]));
    assert.deepEqual(
      shown.filter((name) => !text.includes(`\`${name}\``)),
      [],
    );
  });

  it('links to files that exist', () => {
    for (const page of PAGES) {
      const text = readFileSync(join(ROOT, page), 'utf8');
      for (const [, link = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
        assert.doesNotThrow(() => readFileSync(join(ROOT, page, '..', link)), `${page} → ${link}`);
      }
    }
  });
});
