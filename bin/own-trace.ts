import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE } from '../engine/own-files.js';

/** Place in one of our bundles. Its URL, line and column. */
const PLACE = /(file:\/\/[^\s()]+\/dist\/bundle\/[^\s():]+\.js):(\d+):(\d+)/g;

/** Stack of an error of ours, with places in our source files. */
export function ownTrace(stack: string): string {
  const maps = new Map<string, SourceMap | undefined>();
  return stack.replace(PLACE, (bundled: string, url: string, line: string, column: string) => {
    const file = fileURLToPath(url);
    if (!maps.has(file)) maps.set(file, mapOf(file));
    // Both count from 1, as a stack does.
    const found = maps.get(file)?.findOrigin(Number(line), Number(column));
    if (!found || !('fileName' in found)) return bundled;
    const source = relative(PACKAGE, resolve(dirname(file), found.fileName));
    return `${source}:${found.lineNumber}:${found.columnNumber}`;
  });
}

/** Source map that lies beside a bundle. */
function mapOf(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload);
  } catch {
    return undefined;
  }
}
