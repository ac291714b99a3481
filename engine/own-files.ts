import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Folder of the compiled `bin`, `engine` and `reporters`: `dist/bundle`; `dist` in tests. */
const CODE = above(import.meta.dirname, 'bin/tokenswarm.js');

/** Folder of the package. */
export const PACKAGE = above(CODE, 'package.json');

/** URL of a compiled file in this one's tree, such as `engine/index.js`. */
export function codeFile(path: string): URL {
  return pathToFileURL(join(CODE, path));
}

/** URL of the first file of a thread or process. Always a bundle, which loads in a fraction of the time. */
export function bundledFile(path: string): URL {
  return pathToFileURL(join(PACKAGE, 'dist/bundle', path));
}

/** URL of a file of the package, such as `package.json`. */
export function packageFile(path: string): URL {
  return pathToFileURL(join(PACKAGE, path));
}

/** Nearest folder upwards that has a file. */
function above(folder: string, file: string): string {
  let at = folder;
  while (!existsSync(join(at, file)) && at !== dirname(at)) at = dirname(at);
  return at;
}
