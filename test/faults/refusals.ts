import { gzipSync } from 'node:zlib';
import { plain } from '../support/misbehaving-server.js';
import { bytes, type Fault, SHORT, thenClose } from './fault.js';

const JSON_TYPE = 'application/json';
const refused = (
  name: string,
  status: number,
  type: string,
  body: string | Buffer,
  says: RegExp,
  headers = '',
): Fault => ({
  name: `${status}: ${name}`,
  act: bytes(plain(status, type, body, headers)),
  kind: 'http_status',
  says,
});

/** Error statuses, which explain themselves in their bodies. */
export const REFUSALS: readonly Fault[] = [
  refused(
    'a message',
    401,
    JSON_TYPE,
    '{"error":{"message":"Invalid API key","code":"x"}}',
    /^HTTP 401: Invalid API key$/,
  ),
  refused(
    'a message beside its object',
    404,
    JSON_TYPE,
    '{"object":"error","message":"no such model"}',
    /^HTTP 404: no such model$/,
  ),
  refused('a detail', 422, JSON_TYPE, '{"detail":"top_p is too large"}', /^HTTP 422: top_p is too large$/),
  refused(
    'a list of details',
    422,
    JSON_TYPE,
    '{"detail":[{"loc":["body"],"msg":"bad"}]}',
    /^HTTP 422: \[\{"loc":\["body"\],"msg":"bad"\}\]$/,
  ),
  refused('text of two lines', 429, 'text/plain', 'slow\ndown', /^HTTP 429: slow down$/),
  refused('other JSON', 429, JSON_TYPE, '{"code":7,"msg":"请慢一点"}', /^HTTP 429: \{"code":7,"msg":"请慢一点"\}$/),
  refused('HTML', 500, 'text/html', '<h1>Internal Server Error</h1>', /^HTTP 500: <h1>Internal Server Error<\/h1>$/),
  refused('JSON that is cut', 500, JSON_TYPE, '{"error":', /^HTTP 500: \{"error":$/),
  refused('gzip', 500, JSON_TYPE, gzipSync('{"error":"packed"}'), /^HTTP 500: packed$/, 'content-encoding: gzip\r\n'),
  refused('gzip that is none', 500, JSON_TYPE, 'not packed', /^HTTP 500$/, 'content-encoding: gzip\r\n'),
  refused('bytes', 500, 'application/octet-stream', Buffer.from([0xff, 0xfe, 0, 1, 2]), /^HTTP 500: /),
  refused('1 MB', 500, 'text/plain', 'x'.repeat(1e6), /^HTTP 500: x{290}…$/),
  refused('nothing', 502, 'text/plain', '', /^HTTP 502$/),
  refused('a stream', 503, 'text/event-stream', 'data: {"choices":[]}\n\n', /^HTTP 503: data: \{"choices":\[\]\}$/),
  {
    name: '500: a body that is cut',
    act: thenClose('HTTP/1.1 500 Said\r\ncontent-type: text/plain\r\ncontent-length: 100\r\n\r\nout of'),
    kind: 'http_status',
    says: /^HTTP 500: out of$/,
  },
  {
    name: '500: a body that never ends',
    act: bytes(plain(500, 'text/plain', 'out of memory').subarray(0, -1)),
    kind: 'http_status',
    says: /^HTTP 500: out of memor$/,
    timeouts: SHORT,
  },
  {
    name: '500: chunks that are none',
    act: bytes('HTTP/1.1 500 Said\r\ntransfer-encoding: chunked\r\n\r\nout of memory'),
    kind: 'http_status',
    says: /^HTTP 500$/,
  },
];
