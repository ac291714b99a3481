import { finished, type Transform } from 'node:stream';
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  type ZlibOptions,
  constants as zlib,
} from 'node:zlib';
import { gunzipMembers } from './gzip-members.js';

/** Maximum length of a body kept to find its end, in bytes. */
const LONGEST_KEPT = 1024 * 1024;
const LONGEST_KEPT_BODY = 64 * LONGEST_KEPT;
/** Maximum length of input that waits, in bytes. A small body may take seconds. */
const LONGEST_WAITING = 64 * LONGEST_KEPT;
const STOPPED = new Error('stopped');

/** Options that flush all available output at once. A body cut short gives what it had. */
const AT_ONCE: ZlibOptions = { flush: zlib.Z_SYNC_FLUSH, finishFlush: zlib.Z_SYNC_FLUSH };
const BROTLI_AT_ONCE = { flush: zlib.BROTLI_OPERATION_FLUSH, finishFlush: zlib.BROTLI_OPERATION_FLUSH };

/** Decompressors by content-encoding. The first byte tells zlib from raw `deflate`. */
const CODINGS: Readonly<Record<string, (first: number) => Transform>> = {
  gzip: () => createGunzip(AT_ONCE),
  'x-gzip': () => createGunzip(AT_ONCE),
  deflate: (first) => ((first & 0x0f) === 8 ? createInflate(AT_ONCE) : createInflateRaw(AT_ONCE)),
  br: () => createBrotliDecompress(BROTLI_AT_ONCE),
};

/** True for a supported content-encoding. */
export function canUnpack(coding: string): boolean {
  return Object.hasOwn(CODINGS, coding);
}

/**
 * Decompresses a body as it arrives, for servers that compress unasked. It works in another thread, so its output is
 * handed on a little later, but with the instant of the read that brought it.
 */
export class Unpacker {
  readonly #coding: string;
  readonly #onBytes: (bytes: Buffer, at: number) => unknown;
  readonly #onError: (error: Error) => void;
  /** Instants of reads that are not fully decompressed. */
  readonly #reads: number[] = [];
  #stream: Transform | undefined;
  #isOver = false;
  /** Compressed bytes so far, and the length of their output. */
  readonly #kept: Buffer[] = [];
  #keptLength = 0;
  #given = 0;
  /** Bytes that are not decompressed yet. */
  #waiting = 0;

  constructor(coding: string, onBytes: (bytes: Buffer, at: number) => unknown, onError: (error: Error) => void) {
    this.#coding = coding;
    this.#onBytes = onBytes;
    this.#onError = onError;
  }

  write(bytes: Buffer, at: number): void {
    if (bytes.length === 0 || this.#isOver) return;
    this.#stream ??= this.#open(bytes[0] ?? 0);
    this.#keptLength += bytes.length;
    if (this.#keptLength <= LONGEST_KEPT) this.#kept.push(bytes);
    this.#waiting += bytes.length;
    if (this.#waiting > LONGEST_WAITING) {
      this.#onError(new Error('it arrives faster than it can be decompressed'));
      return;
    }
    this.#reads.push(at);
    this.#stream.write(bytes, () => {
      this.#reads.shift();
      this.#waiting -= bytes.length;
    });
  }

  /** Calls `done` once all output has been emitted. */
  end(done: () => void): void {
    const stream = this.#stream;
    if (!stream || this.#isOver) done();
    else finished(stream.end(), done);
  }

  /** Drops what is not decompressed yet. Of a small body that may be gigabytes. */
  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    // With an error of ours: Node would make one for each write that waits.
    this.#stream?.destroy(STOPPED);
  }

  #open(first: number): Transform {
    const stream = CODINGS[this.#coding]?.(first);
    if (!stream) throw new Error(`no decoder for ${this.#coding}`);
    let at = 0;
    stream.on('data', (bytes: Buffer) => {
      this.#given += bytes.length;
      at = this.#reads[0] ?? at;
      this.#onBytes(bytes, at);
    });
    stream.on('error', (error) => {
      if (this.#isOver) return;
      if (this.#hasRest(error, at)) this.#isOver = true;
      else this.#onError(error);
    });
    return stream;
  }

  /** True for bytes after the end of a gzip body. Passes on the rest of the body. */
  #hasRest(error: Error, at: number): boolean {
    if (!this.#coding.endsWith('gzip') || error.message !== 'incorrect header check') return false;
    try {
      const all = gunzipMembers(Buffer.concat(this.#kept), LONGEST_KEPT_BODY);
      this.#onBytes(all.subarray(this.#given), this.#reads.at(-1) ?? at);
      return true;
    } catch {
      return this.#given > 0;
    }
  }
}
