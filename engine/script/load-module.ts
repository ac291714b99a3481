import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { configError } from '../errors.js';
import { codeFile } from '../own-files.js';
import { buildFiles } from './bundle.js';
import { openBundleFolder } from './bundle-folder.js';

/** Entry points of this package. They do not depend on the user's folder. */
const OURS: Readonly<Record<string, string>> = {
  'tokenswarm/engine': codeFile('engine/index.js').href,
  'tokenswarm/reporters': codeFile('reporters/index.js').href,
};

/**
 * Loads a module of the user's, with its packages. Returns its default export. Throws a UserError with the compiler's
 * errors; errors of its evaluation are thrown as they are.
 */
export async function loadModule(path: string): Promise<unknown> {
  const file = resolve(path);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw configError(path, 'there is no such file', 'give the path of a .ts or .js file');
  }
  const folder = await openBundleFolder();
  try {
    const outfile = join(folder.path, 'module.mjs');
    // Packages in CommonJS call require.
    const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
    await buildFiles({ entryPoints: [file], outfile, format: 'esm', banner: { js: banner } }, OURS);
    const loaded = (await import(pathToFileURL(outfile).href)) as { readonly default?: unknown };
    return loaded.default;
  } finally {
    await folder.dispose();
  }
}
