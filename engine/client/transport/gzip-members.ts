import { type InputType, inflateRawSync, type ZlibOptions } from 'node:zlib';

/** Length of a plain gzip header, and of the trailer (RFC 1952). */
const HEADER = 10;
const TRAILER = 8;

/** Flags of optional header fields. */
const HAS_CRC = 2;
const HAS_EXTRA = 4;
const HAS_NAME = 8;
const HAS_COMMENT = 16;

/** Result with `info: true`, which the types do not know. */
type InflateInfo = (
  bytes: InputType,
  options: ZlibOptions & { readonly info: true },
) => {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
};

/**
 * Decompresses all gzip members. Bytes after them are ignored, where Node has an error. Throws where the
 * first member is broken or longer than `longest` bytes.
 */
export function gunzipMembers(bytes: Buffer, longest: number): Buffer {
  const members: Buffer[] = [];
  for (let at = 0; at === 0 || isMember(bytes, at); ) {
    const from = at + headerLength(bytes, at);
    const inflate = inflateRawSync as unknown as InflateInfo;
    const { buffer, engine } = inflate(bytes.subarray(from), { info: true, maxOutputLength: longest });
    members.push(buffer);
    at = from + engine.bytesWritten + TRAILER;
  }
  return Buffer.concat(members);
}

function isMember(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8;
}

function headerLength(bytes: Buffer, at: number): number {
  if (!isMember(bytes, at)) throw new Error('incorrect header check');
  const flags = bytes[at + 3] ?? 0;
  let length = HEADER;
  if (flags & HAS_EXTRA) length += 2 + bytes.readUInt16LE(at + length);
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if (flags & flag) length = bytes.indexOf(0, at + length) + 1 - at;
  }
  return flags & HAS_CRC ? length + 2 : length;
}
