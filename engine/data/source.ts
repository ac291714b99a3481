import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, resolve, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { configError, messageOf, UserError } from '../errors.js';
import { type ByteReader, openReader, type Store } from './byte-reader.js';
import { dataError, sizeText } from './data-error.js';
import { decoded } from './encoding.js';

/** Largest file held in memory, unpacked, in bytes. Held once for all threads; larger files are read in place. */
export const HELD_AT_MOST = 256 * 2 ** 20;

/** Bytes buffered while a large file is scanned. */
const WINDOW = 4 * 2 ** 20;

/** Opened file of a data set. */
export interface Source {
  readonly path: string;
  readonly store: Store;
  readonly reader: ByteReader;
  /** Offset after a byte order mark. */
  readonly start: number;
  /** Extension in lower case, without `.gz`, such as `.jsonl`. */
  readonly extension: string;
}

/** Signatures of unsupported files. */
const STRANGERS: readonly (readonly [name: string, bytes: string])[] = [
  ['a Parquet file', 'PAR1'],
  ['a ZIP archive', 'PK\x03\x04'],
  ['packed by Zstandard', '\x28\xb5\x2f\xfd'],
  ['packed by bzip2', 'BZh'],
  ['packed by xz', '\xfd7zXZ'],
  ['text in UTF-16', '\xff\xfe'],
  ['text in UTF-16', '\xfe\xff'],
];

/** Options of opening a file. */
interface Opening {
  /** Larger files are read where they stand. */
  readonly heldAtMost?: number | undefined;
  /** WHATWG name. Default: UTF-8. */
  readonly encoding?: string | undefined;
}

const MAKE_TEXT = 'convert it to UTF-8 text, preferably JSON lines';
const RECODE = "say encoding: 'utf-16le' or 'utf-16be', or make UTF-8 of it";

const RELATIVE = 'paths are relative to the folder of the scenario file: check the path, or the variable that names it';

/** Opens a data set's file, gzipped or not. Throws a UserError. */
export function openSource(path: string, { heldAtMost = HELD_AT_MOST, encoding }: Opening = {}): Source {
  const store = encoding === undefined ? storeOf(path, heldAtMost) : recoded(path, storeOf(path, heldAtMost), encoding);
  const reader = openReader(store, WINDOW);
  const first = Array.from({ length: Math.min(8, reader.size) }, (_, place) => String.fromCharCode(reader.at(place)));
  const head = first.join('');
  const stranger = STRANGERS.find(([, bytes]) => head.startsWith(bytes))?.[0];
  if (stranger !== undefined)
    throw dataError(path, `the data set is ${stranger}`, stranger.includes('UTF-16') ? RECODE : MAKE_TEXT);
  if (head.includes('\0')) throw dataError(path, 'the data set is not text');
  const extension = extname(path.replace(/\.gz$/i, '')).toLowerCase();
  return { path, store, reader, start: head.startsWith('\xef\xbb\xbf') ? 3 : 0, extension };
}

function storeOf(path: string, heldAtMost: number): Store {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) throw new Error('it is a folder');
    if (stats.size > heldAtMost) {
      const reader = openReader({ path });
      if (isPacked([reader.at(0), reader.at(1)])) throw tooLarge(path, heldAtMost);
      return { path };
    }
    const bytes = readFileSync(path);
    return { held: shared(isPacked(bytes) ? unpacked(path, bytes, heldAtMost) : bytes) };
  } catch (error) {
    if (error instanceof UserError) throw error;
    if ((error as { code?: unknown }).code === 'ENOENT')
      throw configError(path, 'there is no such file', whereElse(path));
    throw dataError(path, `the data set cannot be read: ${messageOf(error)}`);
  }
}

/** Hints at a file of that name below the current folder. */
function whereElse(path: string): string {
  const parts = path.split(sep).slice(1);
  const near = parts.map((_, index) => resolve(...parts.slice(index))).find((other) => existsSync(other));
  return near === undefined ? RELATIVE : `paths are relative to the folder of the scenario file: did you mean ${near}?`;
}

/** Converts text to UTF-8. */
function recoded(path: string, store: Store, encoding: string): Store {
  if (!('held' in store))
    throw dataError(path, 'it is too large to be read in another encoding', 'make UTF-8 of it: iconv');
  return { held: shared(decoded(path, new Uint8Array(store.held), encoding)) };
}

/** True for bytes that begin with gzip's magic number. */
function isPacked(bytes: ArrayLike<number>): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function unpacked(path: string, bytes: Buffer, heldAtMost: number): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: heldAtMost });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(path, heldAtMost);
    throw dataError(
      path,
      `the data set cannot be unpacked: ${messageOf(error)}`,
      'gzip -t checks if a file is complete',
    );
  }
}

function tooLarge(path: string, heldAtMost: number): UserError {
  const hint = 'unpack it (gunzip): JSON lines are then read one by one';
  return dataError(path, `the data set has more than ${sizeText(heldAtMost)} when it is unpacked`, hint);
}

/** Copies bytes to memory that all threads share. */
export function shared(bytes: Uint8Array): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}
