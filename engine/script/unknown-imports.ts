import { readFile } from 'node:fs/promises';
import { API_NAMES } from '../api/names.js';
import { didYouMean, scriptError } from '../errors.js';
import type { Bundle } from './bundle.js';

/** Uses of imports from 'tokenswarm', as the compiler writes them. */
const USES = /\bimport_tokenswarm\d*\.([A-Za-z_$][\w$]*)/g;

/** Refuses imports from 'tokenswarm' that it does not export. They would be undefined when they are called. */
export async function refuseUnknownImports({ file, script }: Pick<Bundle, 'file' | 'script'>): Promise<void> {
  const uses = [...(await readFile(script, 'utf8')).matchAll(USES)].map(([, name = '']) => name);
  const unknown = [...new Set(uses)].filter((name) => name !== 'default' && !API_NAMES.includes(name));
  if (unknown.length === 0) return;
  const problems = unknown.map((name) => `'tokenswarm' does not export ${name}${didYouMean(name, API_NAMES)}`);
  throw scriptError(file, problems.join('\n'), 'docs/scripting.md lists what a scenario can import');
}
