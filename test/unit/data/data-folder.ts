import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Returns a function that writes files into a temporary folder. The folder is removed after the suite that calls it. */
export function dataFolder(): (name: string, content: string | Buffer) => string {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tokenswarm-data-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  return (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
}
