import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND, ROOT, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { namedBlocks, wordsOf } from '../support/page.js';
import { freePort } from '../support/port.js';

/** The pages that go through a study; both have the same one. */
const PAGES = ['docs/benchmark.md', 'README.zh-CN.md'];

describe('a study step by step', () => {
  const folder = testFolder();
  let answer = '';
  const studies = PAGES.map((page) => commandsOf(page).filter((command) => !command.includes('my-test.ts')));

  before(() => {
    symlinkSync(join(ROOT, 'scenarios'), join(folder.path, 'scenarios'));
    // The page's own commands are ours to start, those of its servers a shell's.
    const programs = { tokenswarm: `exec "${process.execPath}" "${COMMAND}" "$@"`, npx: 'exec "$@"' };
    for (const [name, line] of Object.entries(programs)) chmodSync(folder.write(name, `#!/bin/sh\n${line}\n`), 0o755);
    for (const [name, content] of namedBlocks('docs/benchmark.md')) folder.write(name, content);
  });

  it('is the same in English and in Chinese', () => {
    assert.ok((studies[0]?.length ?? 0) >= 5);
    assert.deepEqual(studies[1], studies[0]);
  });

  for (const command of studies[0] ?? []) {
    it(`works as written: ${command.slice(0, 90)}…`, async function () {
      this.timeout(120_000);
      const args = wordsOf(command.replace('8101', String(await freePort()))).slice(2);
      const path = `${folder.path}:${process.env.PATH}`;
      const { code, stdout, stderr } = await tokenswarm(args, { cwd: folder.path, env: { PATH: path } });
      assert.equal(code, 0, stdout + stderr);
      answer = stdout;
      const html = args.find((arg) => arg.startsWith('html='))?.slice('html='.length);
      if (html) assert.ok(existsSync(join(folder.path, html)));
    });
  }

  it('ends with an answer of the form that the page shows', () => {
    const form = /500 users within (.*)\n\n {2}✓ Qwen2.5-7B: \d+ replicas? of h\d+, TP 1: \d+ cards?, .* USD an hour/;
    const page = readFileSync(join(ROOT, 'docs/benchmark.md'), 'utf8');
    assert.equal(form.exec(answer)?.[1], form.exec(page)?.[1], answer);
    assert.match(page, form);
  });
});

function commandsOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const found = [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) => block.trim().split('\n'));
  return found.filter((command) => command.startsWith('npx tokenswarm '));
}
