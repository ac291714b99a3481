import { openSync, readSync, statSync } from 'node:fs';
import { refuse } from './data-error.js';

/** Where the bytes of a data set are: in memory that all threads share, or in a file that is too large to be held. */
export type Store = { readonly held: SharedArrayBuffer } | { readonly path: string };

/** Reads the bytes of a data set. */
export interface ByteReader {
  readonly size: number;
  /** The text in UTF-8 between two places. */
  text(start: number, end: number): string;
  /** Where the byte stands next, from a place on; `size` where it does not. */
  find(byte: number, from: number): number;
  /** The byte at a place. */
  at(place: number): number;
}

/**
 * Opens the bytes for one thread. Of a file it keeps the last `window` bytes at hand: many to read it from one end to
 * the other, none to read a record here and there.
 */
export function openReader(store: Store, window = 0): ByteReader {
  return 'held' in store ? heldReader(store.held) : fileReader(store.path, window);
}

function heldReader(held: SharedArrayBuffer): ByteReader {
  const bytes = Buffer.from(held);
  return {
    size: bytes.length,
    text: (start, end) => bytes.toString('utf8', start, end),
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

  /** Has the bytes from `start` on at hand, `length` of them at least where the file has as many. */
  const fetch = (start: number, length: number) => {
    if (start >= begin && start + length <= end) return;
    const wanted = Math.min(Math.max(length, window), size - start);
    if (bytes.length < wanted) bytes = Buffer.allocUnsafe(wanted);
    begin = start;
    end = start;
    while (end < start + wanted) {
      const read = readSync(file, bytes, end - start, start + wanted - end, end);
      if (read === 0) throw refuse(path, 'it has become shorter');
      end += read;
    }
  };

  return {
    size,
    text(start, stop) {
      fetch(start, stop - start);
      return bytes.toString('utf8', start - begin, stop - begin);
    },
    find(byte, from) {
      for (let place = from; place < size; place = end) {
        fetch(place, 1);
        const found = bytes.indexOf(byte, place - begin);
        // What is left of a former window is not of the file.
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
