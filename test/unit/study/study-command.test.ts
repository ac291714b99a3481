import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { testFolder } from '../../support/folder.js';

const STUDY = fileURLToPath(new URL('../../study/index.js', import.meta.url));

/** Runs the study to its end, in a folder. */
function study(args: readonly string[], cwd: string): Promise<{ readonly code: unknown; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [STUDY, ...args], { cwd }, (error, _, stderr) =>
      resolve({ code: error?.code ?? 0, stderr }),
    );
  });
}

describe('npm run study', () => {
  const folder = testFolder();

  it('refuses a page without its markers before it begins', async () => {
    folder.write('page.md', '# A page\n');
    for (const page of ['page.md', 'nowhere.md']) {
      const { code, stderr } = await study(['--docs', page], folder.path);
      assert.equal(code, 104, stderr);
      assert.match(stderr, new RegExp(`--docs ${page}: expected a page with the two markers that docs/study.md has`));
    }
  });
});
