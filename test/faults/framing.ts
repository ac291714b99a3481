import { chunk, END, STREAM } from '../support/misbehaving-server.js';
import { ANSWER, begun, bytes, type Fault, head, thenClose, word } from './fault.js';

const HELLO = word('Hello');
const NO_SIZE = /^not HTTP: a chunk has no size$/;
const length = (said: number | string) => head(`content-length: ${said}`);
const wrongLength = (name: string, ...said: readonly string[]): Fault => ({
  name: `content-length ${name}`,
  act: bytes(head(...said.map((each) => `content-length: ${each}`)), ANSWER),
  kind: 'malformed',
  says: /^not HTTP: content-length is "/,
});
const wrongSize = (name: string, size: string): Fault => ({
  name: `a chunk of size ${name}`,
  act: bytes(begun(HELLO), `${size}\r\n`, ANSWER),
  kind: 'malformed',
  says: NO_SIZE,
  text: 'Hello',
});

/** Chunks, lengths and transfer codings. */
export const FRAMING_FAULTS: readonly Fault[] = [
  wrongSize('zz', 'zz'),
  wrongSize('-5', '-5'),
  wrongSize('0x10', '0x10'),
  wrongSize('twenty f', 'f'.repeat(20)),
  wrongSize('nothing', ''),
  { name: 'no chunks', act: bytes(STREAM, ANSWER), kind: 'malformed', says: NO_SIZE },
  {
    name: 'a chunk of size 2^53-1, then a close',
    act: thenClose(STREAM, `1fffffffffffff\r\n${HELLO}`),
    kind: 'stream_cut',
    says: /^the connection broke: /,
    text: 'Hello',
  },
  {
    name: 'a chunk size of 5000 zeros',
    act: bytes(STREAM, '0'.repeat(5000), chunk(ANSWER), END),
    kind: 'success',
  },
  {
    name: 'a chunk longer than its size',
    act: bytes(STREAM, `5\r\n${ANSWER}\r\n`, END),
    kind: 'malformed',
    says: /^not HTTP: a chunk is longer than its size$/,
  },
  { name: 'chunk extensions', act: bytes(STREAM, chunk(ANSWER).replace('\r\n', ';a="b"\r\n'), END), kind: 'success' },
  {
    name: 'chunk sizes padded with blanks',
    act: bytes(STREAM, chunk(ANSWER).replace('\r\n', '  \r\n'), END),
    kind: 'success',
  },
  { name: 'chunks with bare LF', act: bytes(STREAM, chunk(ANSWER).replace('\r\n', '\n'), END), kind: 'success' },
  { name: 'trailers', act: bytes(begun(ANSWER), '0\r\nx-sum: 1\r\nx-more: 2\r\n\r\n'), kind: 'success' },
  {
    name: 'an event in many chunks',
    act: bytes(STREAM, ...[...ANSWER].map((letter) => chunk(letter)), END),
    kind: 'success',
  },
  { name: 'content-length too big, after [DONE]', act: bytes(length(ANSWER.length + 100), ANSWER), kind: 'success' },
  {
    name: 'content-length too big, then a close',
    act: thenClose(length(1000), HELLO),
    kind: 'stream_cut',
    says: /^the connection broke: /,
    text: 'Hello',
  },
  { name: 'content-length of 400 digits', act: bytes(length('9'.repeat(400)), ANSWER), kind: 'success' },
  {
    name: 'content-length too small',
    act: bytes(length(HELLO.length), HELLO, ANSWER),
    kind: 'stream_cut',
    says: /without a finish reason or \[DONE\]/,
    text: 'Hello',
  },
  { name: 'content-length right', act: bytes(length(ANSWER.length), ANSWER), kind: 'success' },
  wrongLength('-1', '-1'),
  wrongLength('many', 'many'),
  wrongLength('1e3', '1e3'),
  wrongLength('twice, different', '10', '20'),
  {
    name: 'content-length and chunks',
    act: bytes(head('content-length: 5', 'transfer-encoding: chunked'), chunk(ANSWER), END),
    kind: 'success',
  },
  {
    name: 'transfer-encoding gzip, chunked',
    act: bytes(head('transfer-encoding: gzip, chunked'), chunk(ANSWER), END),
    kind: 'malformed',
    says: /^not HTTP: transfer-encoding is "gzip, chunked"$/,
  },
  {
    name: 'transfer-encoding chunked twice',
    act: bytes(head('transfer-encoding: chunked', 'transfer-encoding: chunked'), chunk(ANSWER), END),
    kind: 'success',
  },
];
