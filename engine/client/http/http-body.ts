import * as zlib from 'node:zlib';
import { messageOf } from '../../errors.js';
import { type HttpError, HttpErrorCode } from './http-error.js';
import { unpack } from './unpack.js';

/** File of a form, as `http.file` returns it. */
export class FormFile {
  readonly data: Blob;
  readonly filename: string;
  readonly content_type: string;

  constructor(data: string | ArrayBuffer | ArrayBufferView, filename = 'file', type = 'application/octet-stream') {
    this.data = new Blob([data as string], { type });
    this.filename = filename;
    this.content_type = type;
  }
}

/** Encoded body with its default content type. */
export interface EncodedBody {
  readonly bytes: Buffer | string;
  readonly type: string | undefined;
}

/**
 * Encodes the body that a script gives. Strings and bytes go as they are, objects as forms, those with files as
 * multipart. Throws a TypeError for anything else.
 */
export async function encodeBody(body: unknown): Promise<EncodedBody> {
  if (typeof body === 'string') return { bytes: body, type: undefined };
  if (body instanceof ArrayBuffer) return { bytes: Buffer.from(body), type: undefined };
  if (ArrayBuffer.isView(body)) {
    return { bytes: Buffer.from(body.buffer, body.byteOffset, body.byteLength), type: undefined };
  }
  if (body instanceof URLSearchParams) return urlEncoded(body);
  if (body instanceof FormData) return multipart(body);
  if (typeof body !== 'object' || body === null) {
    throw new TypeError(`a body is a text, an object, an ArrayBuffer or a Buffer, got ${typeof body}`);
  }
  const fields = Object.entries(body).flatMap(([name, value]) =>
    Array.isArray(value) ? value.map((one: unknown) => [name, one] as const) : [[name, value] as const],
  );
  if (!fields.some(([, value]) => value instanceof FormFile)) {
    return urlEncoded(new URLSearchParams(fields.map(([name, value]): [string, string] => [name, String(value)])));
  }
  const form = new FormData();
  for (const [name, value] of fields) {
    if (value instanceof FormFile) form.append(name, value.data, value.filename);
    else form.append(name, String(value));
  }
  return multipart(form);
}

function urlEncoded(fields: URLSearchParams): EncodedBody {
  return { bytes: fields.toString(), type: 'application/x-www-form-urlencoded' };
}

async function multipart(form: FormData): Promise<EncodedBody> {
  const response = new Response(form);
  return {
    bytes: Buffer.from(await response.arrayBuffer()),
    type: response.headers.get('content-type') ?? 'multipart/form-data',
  };
}

type Coder = (bytes: Buffer) => Buffer;

/** zstd from Node 22.15 on; the installed types are older. */
const { zstdCompressSync } = zlib as { zstdCompressSync?: Coder };

const PACK: Readonly<Record<string, Coder | undefined>> = {
  gzip: (bytes) => zlib.gzipSync(bytes),
  deflate: (bytes) => zlib.deflateSync(bytes),
  br: (bytes) => zlib.brotliCompressSync(bytes),
  zstd: zstdCompressSync,
};

/** Parses a list such as `gzip, br`, in order of application. */
function codingsOf(list: string): readonly string[] {
  return list
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
}

/** Compresses a body by each coding of a list. Throws a TypeError for an unknown one. */
export function compress(bytes: Buffer | string, list: string): Buffer {
  let packed = Buffer.from(bytes as string);
  for (const coding of codingsOf(list)) {
    const pack = PACK[coding];
    if (!pack) throw new TypeError(`cannot compress with ${JSON.stringify(coding)}: ${knownCodings(PACK)}`);
    packed = Buffer.from(pack(packed));
  }
  return packed;
}

/** Decompresses a response body by its `Content-Encoding`. */
export async function decodeBody(chunks: readonly Buffer[], list: string): Promise<Buffer | HttpError> {
  let bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  if (list === '' || bytes.length === 0) return bytes;
  try {
    for (const coding of [...codingsOf(list)].reverse()) bytes = await unpack(bytes, coding);
    return bytes;
  } catch (error) {
    const message = `the body cannot be decompressed: ${messageOf(error)}`;
    return { code: HttpErrorCode.undecodable, message, kind: 'malformed' };
  }
}

function knownCodings(coders: Readonly<Record<string, Coder | undefined>>): string {
  const known = Object.keys(coders).filter((coding) => coders[coding]);
  return `there are ${known.join(', ')}${zstdCompressSync ? '' : '; zstd needs Node 22.15'}`;
}
