import { Readable, type Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { gunzipMembers } from '../transport/gzip-members.js';

/** Maximum length of a response body, as received and decompressed, in bytes. */
export const LONGEST_BODY = 256 * 1024 * 1024;

/** Maximum length of a body decompressed at once, in bytes. A larger one would block the thread. */
const LONGEST_AT_ONCE = 1024 * 1024;

/** Description of a body beyond the limit. */
export const TOO_LONG = 'the body is longer than 256 MiB';

interface Limit {
  readonly maxOutputLength: number;
}

/** Decompression at once, and as a stream. */
interface Decompression {
  readonly atOnce: (bytes: Buffer, limit: Limit) => Buffer;
  readonly open: (first: number) => Transform;
}

const isWrapped = (first = 0) => (first & 0x0f) === 8;

const GZIP: Decompression = { atOnce: gunzip, open: () => zlib.createGunzip() };

/** Decompresses gzip. Node takes bytes after its end for an error. */
function gunzip(bytes: Buffer, limit: Limit): Buffer {
  try {
    return zlib.gunzipSync(bytes, limit);
  } catch (error) {
    if ((error as { code?: string }).code !== 'Z_DATA_ERROR') throw error;
    return gunzipMembers(bytes, limit.maxOutputLength);
  }
}

/** Zstandard of Node 22.15 and later, unknown to the types. */
const { zstdDecompressSync, createZstdDecompress } = zlib as {
  zstdDecompressSync?: Decompression['atOnce'];
  createZstdDecompress?: Decompression['open'];
};

const CODINGS: Readonly<Record<string, Decompression>> = {
  gzip: GZIP,
  'x-gzip': GZIP,
  // Some servers leave out the zlib wrapper required by the standard.
  deflate: {
    atOnce: (bytes, limit) =>
      isWrapped(bytes[0]) ? zlib.inflateSync(bytes, limit) : zlib.inflateRawSync(bytes, limit),
    open: (first) => (isWrapped(first) ? zlib.createInflate() : zlib.createInflateRaw()),
  },
  br: { atOnce: zlib.brotliDecompressSync, open: () => zlib.createBrotliDecompress() },
  ...(zstdDecompressSync &&
    createZstdDecompress && { zstd: { atOnce: zstdDecompressSync, open: createZstdDecompress } }),
};

/** Names of the codings that can be decompressed. */
const KNOWN_CODINGS: readonly string[] = Object.keys(CODINGS);

/**
 * Decompresses a body by one coding. Rejects an unknown coding, bytes that are not compressed, and a body longer than
 * `longest` bytes, of which no more than a part is ever kept.
 */
export async function unpack(bytes: Buffer, coding: string, longest = LONGEST_BODY): Promise<Buffer> {
  const found = Object.hasOwn(CODINGS, coding) ? CODINGS[coding] : undefined;
  if (!found) throw new Error(`unknown content coding ${coding}: known are ${KNOWN_CODINGS.join(', ')}`);
  try {
    return found.atOnce(bytes, { maxOutputLength: Math.min(LONGEST_AT_ONCE, longest) });
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
  }
  const length = await unpackedLength(bytes, found, longest);
  if (length > longest) throw new Error(TOO_LONG);
  const parts: Buffer[] = [];
  await pipeline(Readable.from([bytes], { objectMode: false }), found.open(bytes[0] ?? 0), async (stream) => {
    for await (const part of stream) parts.push(part as Buffer);
  });
  return Buffer.concat(parts, length);
}

/** Length of a decompressed body, or a number above the limit. Nothing of it is kept. */
async function unpackedLength(bytes: Buffer, { open }: Decompression, longest: number): Promise<number> {
  let length = 0;
  const stop = new AbortController();
  const counter = new Writable({
    write(part: Buffer, _, done) {
      length += part.length;
      if (length > longest) stop.abort();
      done();
    },
  });
  try {
    await pipeline(Readable.from([bytes], { objectMode: false }), open(bytes[0] ?? 0), counter, {
      signal: stop.signal,
    });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
  return length;
}
