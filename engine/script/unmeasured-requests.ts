import { readFile } from 'node:fs/promises';
import type { Bundle } from './bundle.js';

/** Calls of the global `fetch`. A method or a function of that name is another one. */
const FETCH = /(?<![.\w$])(?:globalThis\.)?fetch\(/;
const OWN_FETCH = /\b(?:function|const|let|var|class)\s+fetch\b|[{,]\s*fetch\s*[,}]/;

/** Warns of requests that no figure counts: those of the global `fetch`. */
export async function unmeasuredRequests({ script }: Pick<Bundle, 'script'>): Promise<readonly string[]> {
  const code = (await readFile(script, 'utf8'))
    .replace(/^\/\/# sourceMappingURL=.*$/gm, '')
    .replace(/^\s*\/\/.*$/gm, '');
  if (!FETCH.test(code) || OWN_FETCH.test(code)) return [];
  return ['fetch(): its requests are not measured; use chat() for a model, http.get() and http.post() for the rest'];
}
