import assert from 'node:assert/strict';
import type { Transform } from 'node:stream';
import {
  brotliCompressSync,
  createBrotliCompress,
  createDeflate,
  createDeflateRaw,
  createGzip,
  deflateRawSync,
  deflateSync,
  gzipSync,
  constants as zlib,
} from 'node:zlib';
import { systemClock } from '../../../engine/clock.js';
import { END, misbehavingServers } from '../../support/misbehaving-server.js';
import { testClients } from '../../support/test-client.js';

const CODINGS: readonly [
  name: string,
  coding: string,
  open: () => Transform & { flush(kind: number, done: () => void): void },
  flush: number,
  all: (text: string) => Buffer,
][] = [
  ['gzip', 'gzip', createGzip, zlib.Z_SYNC_FLUSH, gzipSync],
  ['gzip in capitals', 'GZIP', createGzip, zlib.Z_SYNC_FLUSH, gzipSync],
  ['deflate', 'deflate', createDeflate, zlib.Z_SYNC_FLUSH, deflateSync],
  ['deflate without its head', 'deflate', createDeflateRaw, zlib.Z_SYNC_FLUSH, deflateRawSync],
  ['br', 'br', createBrotliCompress, zlib.BROTLI_OPERATION_FLUSH, brotliCompressSync],
];

const head = (coding: string) =>
  `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: ${coding}\r\ntransfer-encoding: chunked\r\n\r\n`;
const frame = (bytes: Buffer) =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
const eventOf = (data: unknown) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const word = (content: string) => eventOf({ choices: [{ delta: { content } }] });
const LAST = eventOf({ choices: [{ delta: {}, finish_reason: 'stop' }] }) + eventOf('[DONE]');

/** Compresses text as servers do that flush after each event. */
function flushing(open: (typeof CODINGS)[number][2], kind: number): (text: string) => Promise<Buffer> {
  const stream = open();
  const out: Buffer[] = [];
  stream.on('data', (bytes: Buffer) => out.push(bytes));
  return (text) =>
    new Promise((resolve) => {
      stream.write(text);
      stream.flush(kind, () => setImmediate(() => resolve(Buffer.concat(out.splice(0)))));
    });
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => systemClock.after(ms, resolve));
}

describe('a stream that is compressed unasked', () => {
  const start = misbehavingServers();
  const clientOf = testClients();

  for (const [name, coding, open, flush, all] of CODINGS) {
    it(`(${name}) comes event by event, each with the instant of the read that completed it`, async () => {
      const writtenAt: number[] = [];
      const completedAt: number[] = [];
      const server = await start(async ({ socket }) => {
        const compress = flushing(open, flush);
        socket.write(head(coding));
        for (let i = 0; i < 6; i += 1) {
          const bytes = await compress(word(`第${i}个词 `));
          // Every other event comes in two pieces; it is there with the second.
          const cut = i % 2 === 0 ? bytes.length : 2;
          writtenAt.push(systemClock.now());
          socket.write(frame(bytes.subarray(0, cut)));
          await wait(30);
          completedAt.push(i % 2 === 0 ? (writtenAt.at(-1) ?? 0) : systemClock.now());
          if (cut < bytes.length) socket.write(frame(bytes.subarray(cut)));
          await wait(30);
        }
        socket.write(frame(await compress(LAST)));
        socket.write(END);
      });
      const told: number[] = [];
      const { failure, text, chunkAt } = await clientOf(server.url).ask({
        onOutput: () => told.push(systemClock.now()),
      });
      assert.equal(failure, undefined);
      assert.equal(text, '第0个词 第1个词 第2个词 第3个词 第4个词 第5个词 ');
      assert.equal(chunkAt.length, 6);
      for (const [i, at] of chunkAt.entries()) {
        assert.ok(at >= completedAt[i]! && at < (writtenAt[i + 1] ?? Number.POSITIVE_INFINITY), `event ${i}`);
        assert.ok(
          told[i]! >= at && told[i]! < (writtenAt[i + 1] ?? Number.POSITIVE_INFINITY),
          `event ${i} was told late`,
        );
      }
    });

    it(`(${name}) that comes in one read has one instant, and nothing of it is lost`, async () => {
      const words = Array.from({ length: 500 }, (_, i) => word(`word ${i} `)).join('');
      const server = await start(({ socket, turn }) => {
        socket.write(Buffer.concat([Buffer.from(head(coding)), frame(all(words + LAST)), Buffer.from(END)]));
        assert.ok(turn < 2);
      });
      const client = clientOf(server.url);
      for (let i = 0; i < 2; i += 1) {
        const { failure, chunkAt, headersAt, endedAt, text } = await client.ask();
        assert.equal(failure, undefined);
        assert.equal(chunkAt.length, 500);
        assert.ok(text.endsWith('word 499 '));
        assert.ok(chunkAt[0]! >= headersAt! && chunkAt[499]! <= endedAt!);
        assert.ok(new Set(chunkAt).size <= 2, 'as many instants as reads');
      }
      assert.equal(server.sockets.length, 1, 'the socket was used again');
    });

    it(`(${name}) that is cut keeps its output so far`, async () => {
      const server = await start(async ({ socket }) => {
        const compress = flushing(open, flush);
        const bytes = Buffer.concat([await compress(word('one ')), await compress(word('two '))]);
        socket.write(Buffer.concat([Buffer.from(head(coding)), frame(bytes)]), () => socket.end());
      });
      const { failure, text, chunkAt } = await clientOf(server.url).ask();
      assert.equal(failure?.kind, 'stream_cut');
      assert.deepEqual([text, chunkAt.length], ['one two ', 2]);
    });
  }
});
