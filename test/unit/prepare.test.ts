import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/command.js';
import { testFolder } from '../support/folder.js';

describe('prepare', () => {
  const folder = testFolder();
  const at = (path: string) => join(folder.path, path);
  const age = (path: string, seconds: number) => utimesSync(at(path), seconds, seconds);

  /** True where npm's `prepare` has built. */
  function builds(): boolean {
    rmSync(at('built'), { force: true });
    execFileSync(process.execPath, [join(ROOT, '.ci/prepare.mjs')], { cwd: folder.path });
    return existsSync(at('built'));
  }

  before(() => {
    for (const path of ['engine/run', 'dist/bundle/bin']) mkdirSync(at(path), { recursive: true });
    const build = `node -e "fs.writeFileSync('built', ''); fs.writeFileSync('dist/bundle/bin/tokenswarm.js', '')"`;
    writeFileSync(at('package.json'), JSON.stringify({ scripts: { build } }));
    writeFileSync(at('engine/run/index.ts'), '');
  });

  it('builds where there is no build, and not where there is one that is newer than its sources', () => {
    assert.equal(builds(), true);
    assert.equal(builds(), false);
  });

  it('is the build of commands for users, beside whom another may run', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const name of ['start', 'study']) assert.match(scripts[name] ?? '', /^node \.ci\/prepare\.mjs && node /);
  });

  it('builds again where a source has changed or is gone', () => {
    const later = Date.now() / 1000 + 60;
    age('engine/run/index.ts', later);
    assert.equal(builds(), true);
    age('dist/bundle/bin/tokenswarm.js', later + 60);
    assert.equal(builds(), false);
    rmSync(at('engine/run/index.ts'));
    age('engine/run', later + 120);
    assert.equal(builds(), true);
  });
});
