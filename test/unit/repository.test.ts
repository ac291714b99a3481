import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/command.js';

const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const PACKAGE = JSON.parse(read('package.json')) as {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
};

/** Paths of a checkout among a page's names in backquotes. NAME stands for the new part's. */
function pathsIn(page: string): string[] {
  const quoted = [...page.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);
  return quoted.filter((text) => /^(\.|bin|docs|engine|reporters|scenarios|test)?[\w./-]*\/[\w./-]+$/.test(text));
}

describe('CONTRIBUTING.md', () => {
  const page = read('CONTRIBUTING.md');

  it('has a recipe for every usual addition', () => {
    const recipes = [...page.matchAll(/^## Add an? (\w+)$/gm)].map(([, what]) => what);
    assert.deepEqual(recipes, ['reporter', 'executor', 'protocol', 'metric', 'card', 'option']);
  });

  it('names files and folders that are there', () => {
    const paths = pathsIn(page);
    assert.ok(paths.length > 40, `${paths.length} paths`);
    const folders = paths.map((path) => (/\bNAME\b/.test(path) ? path.slice(0, path.lastIndexOf('/')) : path));
    assert.deepEqual(
      folders.filter((path) => !existsSync(join(ROOT, path))),
      [],
    );
  });

  it('names scripts that package.json has', () => {
    const named = [...page.matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script);
    assert.ok(named.length > 4);
    assert.deepEqual(
      named.filter((script) => !(script in PACKAGE.scripts)),
      [],
    );
  });
});

describe('a release', () => {
  it('is the newest version of the changelog', () => {
    assert.equal(/^## (\S+)/m.exec(read('CHANGELOG.md'))?.[1], PACKAGE.version);
  });
});
