import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { lazily } from '../../lazy-require.js';
import { packageFile } from '../../own-files.js';
import { VERSION } from '../../version.js';

/** Longest read of a socket, in bytes; `READ_SIZE` in native/stream.h. */
const READ_SIZE = 64 * 1024;

/** Bytes that `take` needs: its header, and the largest record. */
export const PAGE_SIZE = READ_SIZE + 64;

/** End of the header that `take` writes. */
export const HEADER = 24;

/** Bytes of a record before its payload. */
export const RECORD_HEADER = 16;

/** Kinds of records. From `PLACE` on it is PLACE + a place in the body. */
export const RECORD = { raw: 0, text: 1, place: 2 } as const;

/** Bits of a record's kind. Above them is the size of a recognized event, in bytes. */
export const KIND_BITS = 8;

/** Figures of a reader, in the order of `native/reader.h`. Times are in milliseconds. */
export const FIGURES = [
  'reads',
  'unstamped',
  'turns',
  'lateSum',
  'lateMax',
  'offsetFirst',
  'offsetLast',
  'over',
  'steps',
  'longestStep',
] as const;

/** Most delays that probes keep. */
export const MOST_PROBES = 1024;

/** Module in C of one thread; `native/addon.c` describes each function. */
export interface Addon {
  start(onNews: (count: number) => void, news: Int32Array): void;
  news(): number;
  open(fd: number): number;
  close(id: number): void;
  take(id: number, page: Uint8Array): number;
  arm(id: number, around: Uint8Array, before: number, place: number, left: number): boolean;
  feed(id: number, bytes: Uint8Array, at: number): void;
  takeFigures(values: Float64Array): void;
  probes(values: Float64Array): number;
}

/** Folder of the sources in C. */
const FOLDER = fileURLToPath(packageFile('native'));

/** Compiles the module, in a second or two. Resolves to the reason where that cannot be done. */
export async function buildAddon(): Promise<string | undefined> {
  const builder: { buildReader(anew: boolean): Promise<string | undefined> } = await import(
    pathToFileURL(join(FOLDER, 'build.mjs')).href
  );
  // One that is there cannot be loaded: a folder copied from another system, perhaps.
  return await builder.buildReader(true);
}

/** Package with a module compiled for this system. npm has installed glibc's or musl's. */
const PACKAGE = `tokenswarm-reader-${process.platform}-${process.arch}`;

const SOURCES = [fromPackage(PACKAGE), fromPackage(`${PACKAGE}-musl`), lazily<Addon>(join(FOLDER, 'reader.node'))];

/** Module in C. Undefined where there is none, or another system's. */
export function loadAddon(): Addon | undefined {
  for (const load of SOURCES) {
    try {
      return load();
    } catch {
      // The next one, then.
    }
  }
  return undefined;
}

/** Loads a package's module. Throws where that is of another release. */
function fromPackage(name: string): () => Addon {
  const about = lazily<{ readonly version: string }>(`${name}/package.json`);
  const load = lazily<Addon>(name);
  return () => {
    if (about().version !== VERSION) throw new Error(`${name} is another release`);
    return load();
  };
}
