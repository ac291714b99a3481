import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN, type MetricInfo } from '../engine/metrics/catalogue.js';
import { OPTIONS } from '../engine/script/option-table.js';
import { pem } from './support/certificates.js';
import { ROOT, tokenswarm } from './support/command.js';
import { testFolder } from './support/folder.js';
import { type HttpServer, startHttpServer } from './support/http-server.js';
import { forkSimulator, type SimulatorChild } from './support/simulator.js';

const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => join('docs', name))].filter((name) =>
  name.endsWith('.md'),
);

/** The fenced blocks of a language on a page. */
function blocks(page: string, language: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block]) => block ?? '');
}

/** The fenced blocks that have a file name beside their language. */
function namedBlocks(page: string): (readonly [name: string, content: string])[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const found = [...text.matchAll(/^```\w+ ([\w.-]+)\n(.*?)^```/gms)];
  return found.map(([, name = '', content = '']) => [name, content]);
}

describe('the documentation', () => {
  const folder = testFolder();
  let simulator: SimulatorChild;
  let site: HttpServer;

  before(async () => {
    simulator = await forkSimulator();
    for (const name of ['ca.pem', 'client.pem', 'client-key.pem']) folder.write(`pki/${name}`, pem(name));
    site = await startHttpServer();
    // What the examples read beside their data sets.
    folder.write('cat.png', 'not much of a picture');
  });

  after(async () => {
    simulator.stop();
    await site.close();
  });

  for (const page of PAGES) {
    // Files that the page's scenarios read: blocks with a name.
    for (const [name, content] of namedBlocks(page)) folder.write(name, content);
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
          '-e',
          `SITE=${site.url}`,
        ];
        const { code, stdout, stderr } = await tokenswarm([...args, '--out', `json=${folder.path}/docs.json`], {
          cwd: folder.path,
        });
        assert.equal(code, 0, stdout + stderr);
        const { errors, checks } = folder.summary('docs.json');
        assert.deepEqual(errors, []);
        if (page.endsWith('http.md')) {
          assert.deepEqual(
            checks.filter(({ fails }) => fails > 0),
            [],
          );
        }
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

  it('docs/options.md has every option in its row, with flag and variable, and no other', () => {
    const text = readFileSync(join(ROOT, 'docs/options.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `([\w.]+)` \|(.*)$/gm)].map(
      ([, name, rest]) => [name ?? '', rest ?? ''] as const,
    );
    const documented = rows.map(([name]) => name);
    assert.deepEqual(documented.toSorted(), OPTIONS.map(({ name }) => name).toSorted());
    for (const { name, flag, variable } of OPTIONS) {
      const [, row = ''] = rows.find(([documented]) => documented === name) ?? [];
      const said = [...row.matchAll(/`(-\w|--[\w-]+)[ `]/g)].map(([, word]) => word);
      assert.deepEqual(said, flag?.match(/(?<![\w-])--?[\w-]+/g) ?? [], name);
      assert.deepEqual(row.match(/TOKENSWARM_\w+/g) ?? [], variable ? [variable] : [], name);
    }
  });

  it('docs/options.md shows a config file and problems as they are', async () => {
    const [config = ''] = blocks('docs/options.md', 'json');
    const [shown = ''] = blocks('docs/options.md', '');
    folder.write('config.json', config);
    folder.write('any.ts', 'export default function () {}');
    const good = await tokenswarm(['inspect', 'any.ts', '-c', 'config.json'], { cwd: folder.path });
    assert.equal(good.code, 0, good.stderr);
    folder.write('config.json', config.replace('"vus": 4', '"vus": 0'));
    const args = ['inspect', 'any.ts', '-c', 'config.json', '--workers', 'all'];
    const bad = await tokenswarm(args, { cwd: folder.path, env: { TOKENSWARM_SEED: 'x' } });
    assert.deepEqual([bad.code, bad.stderr], [104, shown]);
  });

  it('links to files that exist', () => {
    for (const page of PAGES) {
      const text = readFileSync(join(ROOT, page), 'utf8');
      for (const [, link = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        assert.doesNotThrow(() => readFileSync(join(ROOT, page, '..', link)), `${page} → ${link}`);
      }
    }
  });
});
