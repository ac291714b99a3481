import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { messageOf } from '../errors.js';
import { findJsonMistake } from '../script/bundle.js';
import type { Layer } from './layers.js';

/** Layer of a config file, in JSON. Its keys are those of a scenario's `options`; it carries its own problems. */
export async function configLayer(path: string): Promise<Layer> {
  const placeOf = (option: string) => (option === '' ? path : `${path}: ${option}`);
  const nameOf = (option: string) => option;
  const folder = dirname(resolve(path));
  const wrong = (where: string, message: string): Layer => {
    return { name: path, options: {}, folder, placeOf, problems: [{ where, message }] };
  };
  let text: string;
  try {
    text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const missing = (error as { readonly code?: string }).code === 'ENOENT';
    return wrong(path, missing ? 'there is no such config file' : `cannot be read: ${messageOf(error)}`);
  }
  try {
    return { name: path, options: JSON.parse(text) as unknown, folder, placeOf, nameOf };
  } catch {
    // The parser's own message quotes the file, which may have a key in it.
    const { place, message } = await findJsonMistake(text);
    return wrong(path + place, `not JSON: ${message}`);
  }
}
