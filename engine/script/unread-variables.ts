import { readFile } from 'node:fs/promises';
import { didYouMean } from '../errors.js';
import type { Bundle } from './bundle.js';

/** Reads of variables by name, in bundled code. */
const READS = /(?:__ENV|__tokenswarm\.env)(?:\.|\[["'`])(\w+)|\benv\.\w+\(\s*["'`](\w+)/g;

/**
 * Warnings about given variables that occur nowhere in the code. Only warnings, since one set of variables may serve
 * several scenarios, and names may be computed.
 */
export async function unreadVariables(
  given: readonly string[],
  { script, packages }: Pick<Bundle, 'script' | 'packages'>,
): Promise<readonly string[]> {
  if (given.length === 0) return [];
  const texts = [script, ...(packages === undefined ? [] : [packages])].map((path) => readFile(path, 'utf8'));
  const code = (await Promise.all(texts)).join('\n').replace(/^\/\/# sourceMappingURL=.*$/gm, '');
  const read = [...code.matchAll(READS)].map(([, plain, called]) => plain ?? called ?? '');
  const unread = given.filter((name) => !new RegExp(`\\b${name.replace(/\W/g, '\\$&')}\\b`).test(code));
  return unread.map((name) => `-e ${name}: nothing in the scenario reads it${didYouMean(name, read)}`);
}
