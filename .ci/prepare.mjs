// npm's `postprepare` and `prepack`, of a checkout alone: users of a package with `prepare` are warned of it. Builds `dist`
// only where it is older than what it is made of, so that no command that is running from it loses its files.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['bin', 'engine', 'native', 'reporters', 'scenarios', 'test', 'package.json', 'tsconfig.json'];
/** The last file that a build writes. */
const LAST = 'dist/bundle/bin/tokenswarm.js';

/** Modification time of the newest file or folder at a path; a folder's tells of files that are gone. 0 where none is. */
function newest(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found?.mtimeMs ?? 0;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const built = statSync(LAST, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (built < Math.max(...SOURCES.map(newest))) {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  process.exitCode = status ?? 1;
}
