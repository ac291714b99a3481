import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as api from '../../engine/api/index.js';
import { PROTOCOLS } from '../../engine/client/protocols/index.js';
import { ExitCode } from '../../engine/errors.js';
import { pem } from '../support/certificates.js';
import { ROOT, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { type HttpServer, startHttpServer } from '../support/http-server.js';
import { anchorsOf, blocks, linksOf, namedBlocks, rowsBelow } from '../support/page.js';
import { sharedSimulator } from '../support/simulator.js';
import { virtualTime } from '../support/virtual-time.js';

const PAGES = [
  'README.md',
  'README.zh-CN.md',
  ...readdirSync(join(ROOT, 'docs')).map((name) => join('docs', name)),
].filter((name) => name.endsWith('.md'));

describe('the documentation', () => {
  const folder = testFolder();
  const time = virtualTime();
  let site: HttpServer;

  before(async () => {
    for (const name of ['ca.pem', 'client.pem', 'client-key.pem']) folder.write(`pki/${name}`, pem(name));
    site = await startHttpServer();
    // What the examples read beside their data sets.
    folder.write('cat.png', 'not much of a picture');
  });

  after(async () => {
    await site.close();
  });

  for (const page of PAGES) {
    // Files that the page's scenarios read: blocks with a name.
    for (const [name, content] of namedBlocks(page)) folder.write(name, content);
    for (const [index, scenario] of blocks(page, 'ts').entries()) {
      // Those of executors.md run with their own load, in docs-executors.test.ts.
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
          time.url,
          '--model',
          'sim-ttft5-itl1-len20',
          '-u',
          '1',
          '-i',
          '3',
          '-e',
          `SITE=${site.url}`,
          // Three iterations do not come to every part of an example's load, and one server stands for all of its.
          '--allow-empty-thresholds',
        ];
        const { code, stdout, stderr } = await tokenswarm([...args, '--out', `json=${folder.path}/docs.json`], {
          cwd: folder.path,
          time,
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
    // Its simulators are processes, in real time.
    const { url } = await sharedSimulator();
    let shown = '';
    for (const command of ours) {
      const words = command.split(' ').slice(2);
      // The load of the file is for minutes, and the server of the example is nobody's.
      const args = words.map((word) => (word === 'http://127.0.0.1:8000/v1' ? `${url}/v1` : word));
      const model = args.indexOf('--model');
      if (model > 0) args[model + 1] = 'sim';
      if (args[0] === 'run') args.push('-u', '1', '-i', '1');
      const { code, stdout, stderr } = await tokenswarm(args, { cwd: folder.path });
      assert.equal(code, 0, `${command}\n${stderr}`);
      if (command.includes('--out')) shown = stdout;
    }
    const rest = commands.filter((command) => !ours.includes(command));
    assert.deepEqual(rest, ['npm install && npm start', 'npm install && npm test'], 'what CI runs');
    // The summary that the README shows has the headings and names of a real one.
    const sample = (page: string) =>
      /^```\n( {2}scenario .*?)^```/ms.exec(readFileSync(join(ROOT, page), 'utf8'))?.[1] ?? '';
    const example = sample('README.md');
    assert.equal(sample('README.zh-CN.md'), example);
    const labels = example.match(/^ {2}█ [A-Z]+|^ {2,4}\w[\w /]*?(?= {3}|\.\.\.)/gm) ?? [];
    assert.ok(labels.length > 12, labels.join());
    assert.deepEqual(
      labels.filter((label) => !shown.split('\n').some((line) => line.startsWith(label.trimEnd()))),
      [],
    );
  });

  it('docs/simulator.md has every flag of `tokenswarm simulate`, and no other', async () => {
    const { stdout } = await tokenswarm(['simulate', '--help']);
    const flags = [...stdout.matchAll(/^ {2}(--.*?) (?:<| )/gm)].flatMap(([, said = '']) => said.split(', '));
    assert.ok(flags.length > 8);
    const text = readFileSync(join(ROOT, 'docs/simulator.md'), 'utf8');
    const rows = [...text.matchAll(/^\| (`--.*?) \|/gm)].flatMap(([, cell = '']) => cell.match(/--[\w-]+/g) ?? []);
    assert.deepEqual(rows.toSorted(), flags.toSorted());
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

  for (const page of PAGES) {
    it(`${page}: its links lead to files and headings that exist`, () => {
      for (const [file = '', anchor = ''] of linksOf(page)) {
        const target = file === '' ? page : join(dirname(page), file);
        assert.ok(existsSync(join(ROOT, target)), `${file}#${anchor}`);
        if (anchor !== '') assert.ok(anchorsOf(target).includes(anchor), `${file}#${anchor}`);
      }
    });
  }

  it('is found from the README, page by page', () => {
    const linked = linksOf('README.md').map(([file]) => file);
    assert.deepEqual(
      PAGES.filter((page) => page !== 'README.md' && !linked.includes(page)),
      [],
    );
  });

  it('docs/scripting.md has every field of a chat request and of its answer', () => {
    const page = readFileSync(join(ROOT, 'docs/scripting.md'), 'utf8');
    const [, chat = ''] = page.split('\n## chat\n');
    const [section = ''] = chat.split('\n## ');
    const [table = ''] = section.split('\nThe answer');
    const rows = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) => cell.match(/\w+(?=`)/g) ?? []);
    const { fields } = PROTOCOLS.chat;
    const given = [...fields, ...fieldsOf('engine/api/requests.ts', 'CallOptions', 'StreamOptions')];
    assert.deepEqual(rows.toSorted(), [...new Set(given)].toSorted());
    const answer = fieldsOf('engine/api/answer.ts', 'Answer');
    assert.ok(answer.length > 15);
    const told = section.slice(table.length);
    assert.deepEqual(
      answer.filter((field) => !told.includes(`\`${field}\``)),
      [],
    );
  });

  it('docs/scripting.md names everything that can be imported', () => {
    const page = readFileSync(join(ROOT, 'docs/scripting.md'), 'utf8');
    assert.ok(Object.keys(api).length > 20);
    assert.deepEqual(
      Object.keys(api).filter((name) => !new RegExp(`\`(new )?${name}\\b`).test(page)),
      [],
    );
  });

  it('docs/errors.md has every exit code, and no page has another', () => {
    const codes = rowsBelow('errors.md', '## Exit codes').map(([code]) => Number(code));
    assert.deepEqual(
      [...codes],
      Object.values(ExitCode).toSorted((a, b) => a - b),
    );
    for (const page of PAGES) {
      const text = readFileSync(join(ROOT, page), 'utf8');
      const said = [...text.matchAll(/(?:exit (?:code|with)|ends? (?:.{0,30})with|, with|code is) (\d+)\b/g)];
      for (const [sentence, code] of said) assert.ok(codes.includes(Number(code)), `${page}: ${sentence}`);
    }
  });
});

/** The fields of interfaces in a source file. */
function fieldsOf(file: string, ...interfaces: readonly string[]): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return interfaces.flatMap((name) => {
    const [, body = ''] = new RegExp(`^export interface ${name}\\b.*?\\{\\n(.*?)^\\}`, 'ms').exec(text) ?? [];
    return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, field = '']) => field);
  });
}
