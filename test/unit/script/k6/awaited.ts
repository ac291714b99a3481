import { readFile } from 'node:fs/promises';
import type { TestFolder } from '../../../support/folder.js';
import { ready } from '../bundled.js';

/** Code of a k6 script after its calls were awaited. */
export async function awaited(folder: TestFolder, text: string, name = 'script.js'): Promise<string> {
  const { bundle } = await ready(folder.write(name, text));
  const code = await readFile(bundle.script, 'utf8');
  return code.replace(/^\/\/# source.*$/m, '');
}
