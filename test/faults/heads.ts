import { GOOD, plain } from '../support/misbehaving-server.js';
import { ANSWER, bytes, type Fault, head, stream, thenClose } from './fault.js';

const BEGINS = /^not HTTP: the response begins with /;
const status = (line: string, headers = '') => `HTTP/1.1 ${line}\r\n${headers}content-length: 0\r\n\r\n`;

/** Status lines and headers. */
export const HEAD_FAULTS: readonly Fault[] = [
  { name: '100 before the response', act: bytes('HTTP/1.1 100 Continue\r\n\r\n', GOOD), kind: 'success' },
  {
    name: '103 three times before the response',
    act: bytes('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(3), GOOD),
    kind: 'success',
  },
  {
    name: '101 and another protocol',
    act: bytes('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n', '\x81\x05Hello'),
    kind: 'malformed',
    says: BEGINS,
  },
  {
    name: '204',
    act: bytes('HTTP/1.1 204 No Content\r\n\r\n'),
    kind: 'http_status',
    says: /^HTTP 204, which has no body$/,
  },
  { name: '205', act: bytes('HTTP/1.1 205 Reset\r\n\r\n'), kind: 'http_status', says: /^HTTP 205, which has no body$/ },
  {
    name: '301 to itself',
    act: bytes(status('301 Moved', 'location: /\r\n')),
    kind: 'http_status',
    says: /^HTTP 301, a redirect to \/$/,
  },
  { name: '304', act: bytes('HTTP/1.1 304 Not Modified\r\n\r\n'), kind: 'http_status', says: /^HTTP 304$/ },
  {
    name: '307 elsewhere',
    act: bytes(status('307 There', 'location: http://localhost/\r\n')),
    kind: 'http_status',
    says: /^HTTP 307, a redirect to http:\/\/localhost\/$/,
  },
  { name: '999', act: bytes(status('999 Denied')), kind: 'http_status', says: /^HTTP 999$/ },
  {
    name: 'status 000',
    act: bytes('HTTP/1.1 000 None\r\ncontent-length: 2\r\n\r\nhi'),
    kind: 'malformed',
    says: BEGINS,
  },
  { name: 'status 2000', act: bytes(status('2000 OK')), kind: 'malformed', says: BEGINS },
  { name: 'no status', act: bytes('HTTP/1.1 OK\r\n\r\n'), kind: 'malformed', says: BEGINS },
  { name: 'no reason phrase', act: bytes(GOOD.replace('200 OK', '200')), kind: 'success' },
  { name: 'HTTP/0.9', act: thenClose('<p>Hello</p>'), kind: 'malformed', says: BEGINS },
  { name: 'HTTP/1.0', act: thenClose(head().replace('1.1', '1.0'), ANSWER), kind: 'success' },
  {
    name: 'HTTP/2.0 in the status line',
    act: bytes(GOOD.replace('HTTP/1.1', 'HTTP/2.0')),
    kind: 'malformed',
    says: BEGINS,
  },
  {
    name: 'HTTP/2 frames unasked',
    act: bytes(Buffer.from('000006040000000000000400400000', 'hex')),
    kind: 'malformed',
    says: BEGINS,
  },
  { name: 'TLS in the clear', act: bytes(Buffer.from('15030300020228', 'hex')), kind: 'malformed', says: BEGINS },
  { name: 'another protocol', act: bytes('SSH-2.0-OpenSSH_9.6\r\n'), kind: 'malformed', says: BEGINS },
  {
    name: 'bare LF in the head',
    act: bytes(GOOD.replace(/^[\s\S]*?\r\n\r\n/, (text) => text.replaceAll('\r', ''))),
    kind: 'success',
  },
  {
    name: 'headers without end',
    act: bytes('HTTP/1.1 200 OK\r\n', 'x-more: abcdefghijklmnop\r\n'.repeat(4000)),
    kind: 'malformed',
    says: /^not HTTP: the head is longer than 64 KiB$/,
  },
  {
    name: 'a header of 1 MB',
    act: bytes('HTTP/1.1 200 OK\r\nx-long: ', Buffer.alloc(1_000_000, 'x')),
    kind: 'malformed',
    says: /longer than 64 KiB/,
  },
  { name: 'a header of 60 KB', act: bytes(stream(ANSWER, [`x-long: ${'x'.repeat(60_000)}`])), kind: 'success' },
  {
    name: 'a header without a colon',
    act: bytes(stream(ANSWER, ['nonsense'])),
    kind: 'malformed',
    says: /^not HTTP: a header is "nonsense"$/,
  },
  {
    name: 'a folded header',
    act: bytes(stream(ANSWER, ['x-a: 1\r\n 2'])),
    kind: 'malformed',
    says: /^not HTTP: a header is " 2"$/,
  },
  { name: 'a header with NUL', act: bytes(stream(ANSWER, ['x-a: a\0b'])), kind: 'success' },
  { name: 'a header with ESC', act: bytes(stream(ANSWER, ['x-a: \x1b[2J'])), kind: 'success' },
  { name: 'a header called __proto__', act: bytes(stream(ANSWER, ['__proto__: 1'])), kind: 'success' },
  { name: 'a header called constructor', act: bytes(stream(ANSWER, ['constructor: 1'])), kind: 'success' },
  { name: 'the content type twice', act: bytes(stream(ANSWER, ['content-type: text/event-stream'])), kind: 'success' },
  { name: 'no content type', act: bytes(GOOD.replace(/content-type: .*\r\n/, '')), kind: 'success' },
  { name: 'the content type text/plain', act: bytes(GOOD.replace('text/event-stream', 'text/plain')), kind: 'success' },
  {
    name: 'a web page in place of a stream',
    act: bytes(plain(200, 'Text/HTML; charset=utf-8', '<p>Log in</p>')),
    kind: 'malformed',
    says: /^expected an event stream, got text\/html.*<p>Log in<\/p>$/,
  },
  {
    name: 'JSON in place of a stream',
    act: bytes(plain(200, 'application/json', '{"error":{"message":"no streams"}}')),
    kind: 'malformed',
    says: /^expected an event stream, got application\/json: no streams$/,
  },
  {
    name: 'lines of JSON in place of a stream',
    act: bytes(plain(200, 'application/x-ndjson', '{"message":{"content":"Hello"}}\n')),
    kind: 'malformed',
    says: /^expected an event stream, got application\/x-ndjson/,
  },
  {
    name: 'nothing in place of a stream',
    act: bytes(plain(200, 'text/event-stream', '')),
    kind: 'stream_cut',
    says: /without a finish reason/,
  },
];
