import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { END, STREAM } from '../support/misbehaving-server.js';
import { ANSWER, bytes, type Fault, line, paced, STOP, stream, thenClose, WORDS, word } from './fault.js';

const BAD = /^the answer cannot be decompressed: /;
const packed = (coding: string, body: Buffer) => stream(body, [`content-encoding: ${coding}`]);
const CODINGS = [
  ['gzip', 'gzip', gzipSync],
  ['x-gzip', 'x-gzip', gzipSync],
  ['deflate', 'deflate', deflateSync],
  ['deflate without its wrapper', 'deflate', deflateRawSync],
  ['br', 'br', brotliCompressSync],
] as const;

/** Long enough that half of it, compressed, is some of its events. */
const LONG = Array.from({ length: 400 }, (_, i) => word(`${(i * 7919) % 1009} `)).join('');

function damaged(body: Buffer): Buffer {
  const half = body.length >> 1;
  return Buffer.concat([body.subarray(0, half), Buffer.alloc(50, 0xff), body.subarray(half)]);
}

const gzip = gzipSync(ANSWER);

/** Compressed answers, whole and damaged. */
export const PACKED_FAULTS: readonly Fault[] = [
  ...CODINGS.flatMap(([name, coding, pack]): Fault[] => [
    { name, act: bytes(packed(coding, pack(ANSWER))), kind: 'success' },
    {
      name: `${name}, cut short`,
      act: thenClose(packed(coding, pack(LONG)).subarray(0, -200)),
      kind: 'stream_cut',
      says: /^the connection broke: /,
    },
    {
      name: `${name} that is none`,
      act: bytes(packed(coding, Buffer.alloc(100, 0xfe))),
      kind: 'malformed',
      says: BAD,
      text: '',
    },
  ]),
  { name: 'gzip, its end cut off in order', act: bytes(packed('gzip', gzip.subarray(0, -6))), kind: 'success' },
  {
    name: 'gzip, damaged in the middle',
    act: bytes(packed('gzip', damaged(gzipSync(LONG + STOP)))),
    kind: 'malformed',
    says: BAD,
  },
  {
    name: 'gzip, damaged, and never an end',
    act: bytes(packed('gzip', damaged(gzipSync(LONG + STOP))).subarray(0, -END.length)),
    kind: 'malformed',
    says: BAD,
    timeouts: { total: 2000, idle: 2000 },
  },
  {
    name: 'text that says it is gzip, and never an end',
    act: bytes(packed('gzip', Buffer.from(WORDS)).subarray(0, -END.length)),
    kind: 'malformed',
    says: BAD,
    text: '',
    timeouts: { total: 2000, idle: 2000 },
  },
  {
    name: 'gzip with a wrong checksum',
    act: bytes(packed('gzip', Buffer.concat([gzip.subarray(0, -8), Buffer.alloc(8)]))),
    kind: 'malformed',
    says: /incorrect data check$/,
  },
  {
    name: 'gzip twice',
    act: bytes(packed('gzip, gzip', gzipSync(gzip))),
    kind: 'malformed',
    says: /unsupported content-encoding \(gzip, gzip\)/,
  },
  {
    name: 'zstd',
    act: bytes(packed('zstd', Buffer.alloc(20))),
    kind: 'malformed',
    says: /unsupported content-encoding \(zstd\)/,
  },
  {
    name: 'a coding called constructor',
    act: bytes(packed('constructor', gzip)),
    kind: 'malformed',
    says: /unsupported content-encoding \(constructor\)/,
  },
  { name: 'identity', act: bytes(packed('identity', Buffer.from(ANSWER))), kind: 'success' },
  {
    name: 'bytes after the gzip stream',
    act: bytes(packed('gzip', Buffer.concat([gzip, Buffer.from('and more')]))),
    kind: 'success',
  },
  {
    name: 'bytes after the gzip stream, in a read of their own',
    act: paced([packed('gzip', gzip).subarray(0, -END.length), `8\r\nand more\r\n${END}`], 15),
    kind: 'success',
  },
  {
    name: 'gzip in two members',
    act: bytes(packed('gzip', Buffer.concat([gzipSync(WORDS), gzipSync(ANSWER.slice(WORDS.length))]))),
    kind: 'success',
  },
  {
    name: 'gzip byte by byte',
    act: ({ socket }) => [...packed('gzip', gzip)].forEach((byte) => void socket.write(Buffer.of(byte))),
    kind: 'success',
  },
  {
    name: 'gzip with tool_calls [null]',
    act: bytes(packed('gzip', gzipSync(line({ choices: [{ index: 0, delta: { tool_calls: [null] } }] })))),
    kind: 'malformed',
    says: /^the answer cannot be read: choices\[0\]\.delta\.tool_calls\[0\] is null, expected an object$/,
  },
  {
    name: 'gzip with an error event inside',
    act: bytes(packed('gzip', gzipSync(word('Hello') + line({ error: { message: 'out of memory' } }) + WORDS))),
    kind: 'stream_error',
    says: /^out of memory$/,
    text: 'Hello',
  },
  {
    name: 'nothing, said to be gzip',
    act: bytes(STREAM.replace('\r\n\r\n', '\r\ncontent-encoding: gzip\r\n\r\n'), END),
    kind: 'stream_cut',
    says: /without a finish reason/,
  },
];
