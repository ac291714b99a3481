import { gzipSync } from 'node:zlib';
import { chunk, STREAM } from '../support/misbehaving-server.js';
import { begun, type Fault, flood, head, line, SHORT, word } from './fault.js';

const MIB = 2 ** 20;
/** Long enough for a status line to come on a busy machine. */
const HEAD_COMES = { total: 1000, idle: 1000 };
const LATE = /^no end after 0.25 s$/;
const endless = (name: string, begin: string | Buffer, piece: string | Buffer): Fault => ({
  name: `without end: ${name}`,
  act: flood(begin, piece),
  kind: 'timeout',
  says: LATE,
  timeouts: SHORT,
});
const refused = (name: string, begin: string, piece: string | Buffer, kind: Fault['kind'], says: RegExp): Fault => ({
  ...endless(name, begin, piece),
  kind,
  says,
  timeouts: { total: 10_000, idle: 10_000 },
});

/** Member of a gzip body: many of them are one long text. */
function member(text: string): Buffer {
  const packed = gzipSync(text.repeat(Math.ceil(MIB / text.length)));
  return Buffer.concat([Buffer.from(`${packed.length.toString(16)}\r\n`), packed, Buffer.from('\r\n')]);
}

const many = (text: string) => text.repeat(Math.ceil(65_536 / text.length));
const PACKED = head('content-encoding: gzip', 'transfer-encoding: chunked');

/** Responses without end. Each is bounded in memory, and ended by a limit. */
export const FLOODS: readonly Fault[] = [
  endless('1xx', '', many('HTTP/1.1 102 Processing\r\n\r\n')),
  refused(
    'headers',
    'HTTP/1.1 200 OK\r\n',
    many('x-more: abc\r\n'),
    'malformed',
    /^not HTTP: the head is longer than 64 KiB$/,
  ),
  endless('a chunk extension', `${STREAM}5;`, many('x')),
  endless('trailers', begunEnd(), many('x-more: abc\r\n')),
  refused('an event', STREAM, chunk(`data: ${'x'.repeat(65_536)}`), 'malformed', /^an event is longer than 8 MiB$/),
  refused('a line', `${STREAM}ffffffffff\r\ndata: `, many('x'), 'malformed', /^an event is longer than 8 MiB$/),
  refused(
    'data lines of one event',
    `${STREAM}ffffffffff\r\n`,
    many('data: xxxxxxxxxxxxxxx\n'),
    'malformed',
    /^an event is longer than 8 MiB$/,
  ),
  endless('comments', `${STREAM}ffffffffff\r\n`, many(': waiting\n')),
  endless('empty lines', `${STREAM}ffffffffff\r\n`, many('\n')),
  endless('tiny events', STREAM, many(chunk(word('x')))),
  endless('events of 1 MB', STREAM, chunk(word('x'.repeat(MIB)))),
  endless('reasoning', STREAM, many(chunk(line({ choices: [{ index: 0, delta: { reasoning_content: 'x' } }] })))),
  endless(
    'tool calls',
    STREAM,
    many(
      chunk(
        line({ choices: [{ index: 0, delta: { tool_calls: [{ index: 0, id: 'a', function: { arguments: 'x' } }] } }] }),
      ),
    ),
  ),
  endless('keep-alive events', begun(word('x')), many(chunk(line({ choices: [] })))),
  endless('a gzip bomb of events', PACKED, member(word('x'))),
  refused(
    'a gzip bomb of one event',
    PACKED,
    member('x'),
    'malformed',
    /^an event is longer than 8 MiB$|: it arrives faster than it can be decompressed$/,
  ),
  {
    ...endless(
      'a gzip bomb of an error',
      'HTTP/1.1 500 Said\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n',
      member('x'),
    ),
    kind: 'http_status',
    says: /^HTTP 500$/,
    timeouts: HEAD_COMES,
  },
  {
    ...endless('an error', 'HTTP/1.1 500 Said\r\n\r\n', many('out of memory ')),
    kind: 'http_status',
    says: /^HTTP 500: out of memory/,
    timeouts: HEAD_COMES,
  },
];

/** Response up to its trailers. */
function begunEnd(): string {
  return `${begun(word('x'))}0\r\n`;
}
