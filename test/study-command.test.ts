import assert from 'node:assert/strict';
import { tokenswarm } from './support/command.js';
import { testFolder } from './support/folder.js';

describe('tokenswarm study', () => {
  const folder = testFolder();

  it('refuses a page without its markers before it begins', async () => {
    folder.write('page.md', '# A page\n');
    for (const page of ['page.md', 'nowhere.md']) {
      const { code, stderr } = await tokenswarm(['study', '--docs', page], { cwd: folder.path });
      assert.equal(code, 104, stderr);
      assert.match(stderr, new RegExp(`--docs ${page}: expected a page with the two markers that docs/study.md has`));
    }
  });

  it('is for the pages of the project, and not listed', async () => {
    const { stdout } = await tokenswarm(['--help']);
    assert.doesNotMatch(stdout, /study/);
    assert.match((await tokenswarm(['study', '--help'])).stdout, /virtual time/);
  });
});
