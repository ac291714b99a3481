import type { ByteReader } from './byte-reader.js';
import { dataError } from './data-error.js';
import { lineSpans } from './spans.js';

/** Replacement character for invalid bytes. */
export const UNREADABLE = '\uFFFD';

/** Names of encodings, for messages. */
const SOME = 'gb18030, big5, shift_jis, euc-kr, windows-1252, utf-16le';

/** True for the name of a supported encoding. */
export function isEncoding(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== '';
  } catch {
    return false;
  }
}

/** Converts bytes of another encoding to UTF-8. Throws a UserError for invalid ones. */
export function decoded(path: string, bytes: Uint8Array, encoding: string): Buffer {
  try {
    // The decoder refuses shared memory.
    return Buffer.from(new TextDecoder(encoding, { fatal: true }).decode(Uint8Array.from(bytes)));
  } catch {
    throw dataError(path, `the file is not ${encoding}`, `name its encoding: ${SOME}, …; without one it is UTF-8`);
  }
}

/** Error for text in another encoding than UTF-8. */
export function notUtf8(where: string): Error {
  return dataError(
    where,
    'not UTF-8',
    `name its encoding (dataset(path, { encoding: 'gb18030' }): ${SOME}, …), or make UTF-8 of it`,
  );
}

/** Throws a UserError for the first line that is not UTF-8. */
export function checkLines(path: string, reader: ByteReader, from: number): void {
  for (const { start, end, line } of lineSpans(reader, from)) {
    if (!reader.isUtf8(start, end)) throw notUtf8(`${path}:${line}`);
  }
}
