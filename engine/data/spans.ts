import type { ByteReader } from './byte-reader.js';
import { dataError } from './data-error.js';

/** Place of a record: byte range, and its first line, from 1. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

const [LINE_FEED, CARRIAGE_RETURN, TAB, BLANK] = [0x0a, 0x0d, 0x09, 0x20];
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Spans of all lines, blank ones included. */
export function* lineSpans(reader: ByteReader, from: number): Generator<Span, void> {
  let line = 1;
  for (let start = from; start < reader.size; line += 1) {
    const end = reader.find(LINE_FEED, start);
    yield { start, end, line };
    start = end + 1;
  }
}

/**
 * Spans of a JSON array's elements, found without parsing them. Only brackets, commas and strings are recognized.
 * Throws a UserError for an array without an end, or with something after it.
 */
export function* elementSpans(reader: ByteReader, from: number, path: string): Generator<Span, void> {
  const { size } = reader;
  let line = 1;
  let place = from;

  const skipBlanks = () => {
    for (; place < size; place += 1) {
      const byte = reader.at(place);
      if (byte === LINE_FEED) line += 1;
      else if (byte !== BLANK && byte !== TAB && byte !== CARRIAGE_RETURN) return;
    }
  };
  /** Skips an element: to a comma or bracket, or the file's end. */
  const skipElement = () => {
    let depth = 0;
    for (; place < size; place += 1) {
      const byte = reader.at(place);
      if (byte === QUOTE) {
        place = endOfText(reader, place);
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        depth += 1;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (depth === 0) return;
        depth -= 1;
      } else if (byte === LINE_FEED) {
        line += 1;
      } else if (byte === COMMA && depth === 0) {
        return;
      }
    }
  };

  skipBlanks();
  place += 1;
  skipBlanks();
  if (reader.at(place) === CLOSE_LIST) place += 1;
  else
    for (let more = true; more; place += 1) {
      skipBlanks();
      const [start, begun] = [place, line];
      skipElement();
      if (place >= size) throw dataError(`${path}:${begun}`, 'not JSON: the array does not end');
      yield { start, end: place, line: begun };
      more = reader.at(place) === COMMA;
    }
  skipBlanks();
  if (place < size) throw dataError(`${path}:${line}`, 'not JSON: unexpected text after the array');
}

/** Offset of a string's closing quote. An even number of backslashes stands before it. */
function endOfText(reader: ByteReader, start: number): number {
  for (let end = reader.find(QUOTE, start + 1); ; end = reader.find(QUOTE, end + 1)) {
    let backslashes = 0;
    while (reader.at(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0 || end >= reader.size) return end;
  }
}
