import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NotHttp, ResponseReader } from '../../../../engine/client/transport/response-reader.js';

/** Reads a response cut at these offsets. */
function readCut(text: string, cuts: readonly number[] = [], closed = false) {
  const bytes = Buffer.from(text, 'latin1');
  const seen = { status: 0, headers: {} as Readonly<Record<string, string>>, body: '', ended: false };
  const reader = new ResponseReader({
    onHead(status, headers) {
      Object.assign(seen, { status, headers });
    },
    onBody(bytes, from, to) {
      seen.body += bytes.toString('latin1', from, to);
    },
    onEnd() {
      seen.ended = true;
    },
  });
  // One buffer for all reads, as the socket has it.
  const buffer = Buffer.alloc(bytes.length);
  const places = [0, ...[...cuts].sort((a, b) => a - b).filter((cut) => cut > 0 && cut < bytes.length), bytes.length];
  for (const [index, from] of places.slice(0, -1).entries()) {
    const length = bytes.copy(buffer, 0, from, places[index + 1]);
    reader.read(buffer, length);
  }
  const complete = closed ? reader.close() : undefined;
  return { ...seen, reusable: reader.reusable, complete };
}

const HEAD = 'HTTP/1.1 200 OK\r\n';

describe('the reader of responses', () => {
  const table: readonly (readonly [string, string, Partial<ReturnType<typeof readCut>>])[] = [
    ['a length', `${HEAD}Content-Length: 5\r\n\r\nhello`, { status: 200, body: 'hello', ended: true, reusable: true }],
    ['line breaks of one character', 'HTTP/1.1 200 OK\na: b\ncontent-length: 2\n\nhi', { body: 'hi', ended: true }],
    ['a status that resets a form', 'HTTP/1.1 205 Reset\r\n\r\n', { status: 205, ended: true, reusable: true }],
    ['no body at all', `${HEAD}content-length: 0\r\n\r\n`, { body: '', ended: true, reusable: true }],
    ['a status without a body', 'HTTP/1.1 204 No Content\r\n\r\n', { status: 204, ended: true, reusable: true }],
    ['a status without a reason', 'HTTP/1.1 404\r\ncontent-length: 0\r\n\r\n', { status: 404, ended: true }],
    [
      'chunks',
      `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA\r\n, and more\r\n0\r\n\r\n`,
      { body: 'hello, and more', ended: true, reusable: true },
    ],
    [
      'chunks with extensions and trailers',
      `${HEAD}transfer-encoding: chunked\r\n\r\n1;a=b\r\nx\r\n0;end\r\nx-sum: 1\r\ny: 2\r\n\r\n`,
      { body: 'x', ended: true },
    ],
    [
      'chunks that are not at their end',
      `${HEAD}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n`,
      { body: 'hello', ended: false },
    ],
    [
      'a server that says it will close',
      `${HEAD}connection: close\r\ncontent-length: 1\r\n\r\nx`,
      { ended: true, reusable: false },
    ],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\nx', { ended: true, reusable: false }],
    [
      'HTTP/1.0 kept alive',
      'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 1\r\n\r\nx',
      { ended: true, reusable: true },
    ],
    [
      'an interim response',
      `HTTP/1.1 100 Continue\r\n\r\n${HEAD}content-length: 1\r\n\r\nx`,
      { status: 200, body: 'x', ended: true },
    ],
    [
      'a header twice',
      `${HEAD}a: 1\r\nA: 2\r\ncontent-length: 0\r\n\r\n`,
      { headers: { a: '1, 2', 'content-length': '0' } },
    ],
  ];
  for (const [title, text, expected] of table) {
    it(`reads ${title}, wherever it is cut`, () => {
      const whole = readCut(text);
      assert.deepEqual({ ...whole, ...expected }, whole);
      fc.assert(
        fc.property(fc.array(fc.nat(text.length)), (cuts) => {
          assert.deepEqual(readCut(text, cuts), whole);
        }),
        { numRuns: 50 },
      );
    });
  }

  it('takes a close for the end of a body without a length only', () => {
    const open = readCut(`${HEAD}\r\nhello`, [], true);
    assert.deepEqual([open.body, open.ended, open.complete, open.reusable], ['hello', true, true, false]);
    assert.equal(readCut(`${HEAD}content-length: 9\r\n\r\nhello`, [], true).complete, false);
    assert.equal(readCut(`${HEAD}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n`, [], true).complete, false);
    assert.equal(readCut('HTTP/1.1 2', [], true).complete, false);
  });

  it('restores any body from any chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 })), fc.array(fc.nat(400)), (parts, cuts) => {
        const chunks = parts.map((part) => Buffer.from(part).toString('latin1'));
        const framed = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');
        const read = readCut(`${HEAD}transfer-encoding: chunked\r\n\r\n${framed}0\r\n\r\n`, cuts);
        assert.deepEqual([read.body, read.ended], [chunks.join(''), true]);
      }),
    );
  });

  const nonsense: readonly (readonly [string, string])[] = [
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a status line without a status', 'HTTP/1.1 OK\r\n\r\n'],
    ['a header without a colon', `${HEAD}nonsense\r\n\r\n`],
    ['a length that is no number', `${HEAD}content-length: many\r\n\r\n`],
    ['a chunk without a size', `${HEAD}transfer-encoding: chunked\r\n\r\nhello\r\n`],
    ['a chunk whose size is no number to its end', `${HEAD}transfer-encoding: chunked\r\n\r\ndata: {}\n\n`],
    ['a chunk longer than its size', `${HEAD}transfer-encoding: chunked\r\n\r\n2\r\nhello\r\n`],
    ['bytes after the end', `${HEAD}content-length: 1\r\n\r\nxy`],
    ['a head without an end', `${HEAD}a: ${'b'.repeat(70_000)}`],
  ];
  for (const [title, text] of nonsense) {
    it(`refuses ${title}`, () => assert.throws(() => readCut(text), NotHttp));
  }
});
