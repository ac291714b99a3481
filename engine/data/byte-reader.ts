import { isUtf8 } from 'node:buffer';
import { openSync, readSync, statSync } from 'node:fs';
import { dataError } from './data-error.js';

/** Storage of a data set: shared memory, or a large file. */
export type Store = { readonly held: SharedArrayBuffer } | { readonly path: string };

/** Random access to the bytes of a data set. */
export interface ByteReader {
  readonly size: number;
  /** UTF-8 text between two offsets. */
  text(start: number, end: number): string;
  /** True where the bytes of a range are UTF-8. */
  isUtf8(start: number, end: number): boolean;
  /** Offset of the next such byte from `from` on, else `size`. */
  find(byte: number, from: number): number;
  /** Byte at an offset. */
  at(place: number): number;
}

/**
 * Opens a store for one thread. `window` is the number of bytes buffered of a file: many to scan it, 0 for single
 * records.
 */
export function openReader(store: Store, window = 0): ByteReader {
  return 'held' in store ? heldReader(store.held) : fileReader(store.path, window);
}

function heldReader(held: SharedArrayBuffer): ByteReader {
  const bytes = Buffer.from(held);
  return {
    size: bytes.length,
    text: (start, end) => bytes.toString('utf8', start, end),
    isUtf8: (start, end) => isUtf8(bytes.subarray(start, end)),
    find(byte, from) {
      const place = bytes.indexOf(byte, from);
      return place < 0 ? bytes.length : place;
    },
    at: (place) => bytes[place] ?? 0,
  };
}

function fileReader(path: string, window: number): ByteReader {
  const { size } = statSync(path);
  // Never closed: a data set is drawn from until its thread ends.
  const file = openSync(path, 'r');
  let bytes = Buffer.allocUnsafe(Math.max(window, 4096));
  let begin = 0;
  let end = 0;

  /** Buffers `length` bytes or more from `start`. Less only at the end of the file. */
  const fetch = (start: number, length: number) => {
    if (start >= begin && start + length <= end) return;
    const wanted = Math.min(Math.max(length, window), size - start);
    if (bytes.length < wanted) bytes = Buffer.allocUnsafe(wanted);
    begin = start;
    end = start;
    while (end < start + wanted) {
      const read = readSync(file, bytes, end - start, start + wanted - end, end);
      if (read === 0) throw dataError(path, 'it is shorter now');
      end += read;
    }
  };

  return {
    size,
    text(start, stop) {
      fetch(start, stop - start);
      return bytes.toString('utf8', start - begin, stop - begin);
    },
    isUtf8(start, stop) {
      fetch(start, stop - start);
      return isUtf8(bytes.subarray(start - begin, stop - begin));
    },
    find(byte, from) {
      for (let place = from; place < size; place = end) {
        fetch(place, 1);
        const found = bytes.indexOf(byte, place - begin);
        // Bytes after `end` are left over from a former window.
        if (found >= 0 && begin + found < end) return begin + found;
      }
      return size;
    },
    at(place) {
      if (place < begin || place >= end) fetch(place, 1);
      return bytes[place - begin] ?? 0;
    },
  };
}
