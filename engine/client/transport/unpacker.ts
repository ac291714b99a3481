import { finished, type Transform } from 'node:stream';
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  type ZlibOptions,
  constants as zlib,
} from 'node:zlib';

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

  constructor(coding: string, onBytes: (bytes: Buffer, at: number) => unknown, onError: (error: Error) => void) {
    this.#coding = coding;
    this.#onBytes = onBytes;
    this.#onError = onError;
  }

  write(bytes: Buffer, at: number): void {
    if (bytes.length === 0 || this.#isOver) return;
    this.#stream ??= this.#open(bytes[0] ?? 0);
    this.#reads.push(at);
    this.#stream.write(bytes, () => this.#reads.shift());
  }

  /** Calls `done` once all output has been emitted. */
  end(done: () => void): void {
    const stream = this.#stream;
    if (!stream || this.#isOver) done();
    else finished(stream.end(), done);
  }

  #open(first: number): Transform {
    const stream = CODINGS[this.#coding]?.(first);
    if (!stream) throw new Error(`nothing undoes ${this.#coding}`);
    let at = 0;
    let hasGiven = false;
    stream.on('data', (bytes: Buffer) => {
      hasGiven = true;
      at = this.#reads[0] ?? at;
      this.#onBytes(bytes, at);
    });
    stream.on('error', (error) => {
      // What stands behind the end of a compressed body, and is no further part of it, is left alone.
      if (hasGiven && error.message === 'incorrect header check') this.#isOver = true;
      else this.#onError(error);
    });
    return stream;
  }
}
