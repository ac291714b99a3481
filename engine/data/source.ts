import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { messageOf, UserError } from '../errors.js';
import { type ByteReader, openReader, type Store } from './byte-reader.js';
import { refuse, sizeText } from './data-error.js';

/** Up to so many bytes, unpacked, are held in memory, once for all threads; a larger file is read where it stands. */
export const HELD_AT_MOST = 256 * 2 ** 20;

/** How much of a file that is not held is read at a time, when it is read from one end to the other. */
const WINDOW = 4 * 2 ** 20;

/** A data set's file, found and unpacked. */
export interface Source {
  readonly path: string;
  readonly store: Store;
  readonly reader: ByteReader;
  /** Behind a byte order mark. */
  readonly start: number;
  /** What its name ends with, in small letters and without `.gz`: `.jsonl`. */
  readonly extension: string;
}

/** Files that are known by their first bytes and are no data sets. */
const STRANGERS: readonly (readonly [name: string, bytes: string])[] = [
  ['a Parquet file', 'PAR1'],
  ['a ZIP archive', 'PK\x03\x04'],
  ['packed by Zstandard', '\x28\xb5\x2f\xfd'],
  ['packed by bzip2', 'BZh'],
  ['packed by xz', '\xfd7zXZ'],
  ['text in UTF-16', '\xff\xfe'],
  ['text in UTF-16', '\xfe\xff'],
];

/** Opens a data set's file, whether it is packed by gzip or not. Throws a UserError. */
export function openSource(path: string, heldAtMost = HELD_AT_MOST): Source {
  const store = storeOf(path, heldAtMost);
  const reader = openReader(store, WINDOW);
  const first = Array.from({ length: Math.min(8, reader.size) }, (_, place) => String.fromCharCode(reader.at(place)));
  const head = first.join('');
  const stranger = STRANGERS.find(([, bytes]) => head.startsWith(bytes))?.[0];
  if (stranger !== undefined)
    throw refuse(path, `the data set is ${stranger}`, 'make text in UTF-8 of it, best JSON lines');
  if (head.includes('\0')) throw refuse(path, 'the data set is no text');
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
    throw refuse(path, `the data set cannot be read: ${messageOf(error)}`);
  }
}

/** Whether bytes begin as gzip begins, whatever their file is called. */
function isPacked(bytes: ArrayLike<number>): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function unpacked(path: string, bytes: Buffer, heldAtMost: number): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: heldAtMost });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(path, heldAtMost);
    throw refuse(path, `the data set cannot be unpacked: ${messageOf(error)}`, 'gzip -t tells whether a file is whole');
  }
}

function tooLarge(path: string, heldAtMost: number): UserError {
  const hint = 'unpack it (gunzip): records of JSON lines are then read where they stand, however many there are';
  return refuse(path, `the data set has more than ${sizeText(heldAtMost)} when it is unpacked`, hint);
}

/** The same bytes in memory that all threads share. */
export function shared(bytes: Uint8Array): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}
