import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { type NativeReader, threadReader } from '../../../../engine/client/reader/native-reader.js';
import type { StreamUser } from '../../../../engine/client/reader/native-stream.js';
import { EventPattern } from '../../../../engine/client/sse/event-pattern.js';
import { systemClock } from '../../../../engine/clock.js';

const PATTERN = new EventPattern('data: {"id":"1","content":"', '"}\n\n');
const event = (text: string) => `data: {"id":"1","content":"${text}"}\n\n`;
const NUMBERED = new EventPattern('data: {"created":\u0001,"content":"', '","at":\u0001}\n\n');
const numbered = (text: string, created: string, at: string) =>
  `data: {"created":${created},"content":"${text}","at":${at}}\n\n`;

/** Thread that sends without end to all who connect. */
const FLOOD = `
  const server = require('node:net').createServer((socket) => {
    const bytes = Buffer.alloc(65536, 'x');
    const write = () => { while (!socket.destroyed && socket.write(bytes)); };
    socket.on('error', () => undefined).on('drain', write);
    write();
  });
  server.listen(0, '127.0.0.1', () => require('node:worker_threads').parentPort.postMessage(server.address().port));
`;

/** Receiver that notes all calls. It arms its stream while `place` is set. */
class Notes implements StreamUser {
  readonly all: (readonly unknown[])[] = [];
  readonly sizes: number[] = [];
  pattern = PATTERN;
  place: { readonly place: number; readonly left: number } | undefined;

  onRaw(bytes: Buffer, from: number, to: number, at: number): void {
    this.all.push(['raw', bytes.toString('latin1', from, to), at]);
  }

  onText(bytes: Buffer, from: number, to: number, at: number, size: number): void {
    this.all.push(['text', bytes.toString('utf8', from, to), at]);
    this.sizes.push(size);
  }

  onPlace(place: number, left: number): void {
    this.all.push(['place', place, left]);
    this.place = undefined;
  }

  onOver(): void {
    this.all.push(['over']);
  }

  expected(): ReturnType<StreamUser['expected']> {
    return this.place && { pattern: this.pattern, place: this.place };
  }
}

describe('a stream that is read in C', () => {
  let reader: NativeReader;

  before(function () {
    const found = threadReader();
    if (!found) this.skip();
    reader = found;
  });

  /** Feeds a stream armed at a place; returns what it hands on. */
  function fed(place: Notes['place'], ...reads: readonly string[]): Notes['all'] {
    const notes = new Notes();
    notes.place = place;
    const { stream, feed } = reader.feed(notes);
    stream.drain();
    reads.forEach((bytes, i) => {
      feed(Buffer.from(bytes), i + 1);
    });
    stream.drain();
    stream.close();
    return notes.all;
  }

  it('hands on bytes while it knows no pattern', () => {
    assert.deepEqual(fed(undefined, 'HTTP/1.1 ', event('a')), [
      ['raw', 'HTTP/1.1 ', 1],
      ['raw', event('a'), 2],
    ]);
  });

  it('recognizes events in chunks, one or several, with the instant of their read', () => {
    const one = event('one');
    const two = event('två') + event('3');
    const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
    assert.deepEqual(fed({ place: 0, left: 0 }, chunk(one), chunk(two)), [
      ['text', 'one', 1],
      ['text', 'två', 2],
      ['text', '3', 2],
    ]);
  });

  it('continues a chunk whose size came earlier', () => {
    const one = event('one');
    const framed = `${one.length.toString(16)}\r\n${one}\r\n`;
    const cut = framed.indexOf('data');
    assert.deepEqual(fed({ place: 0, left: 0 }, framed.slice(0, cut), framed.slice(cut)), [['text', 'one', 2]]);
  });

  const BROKEN: readonly (readonly [what: string, place: NonNullable<Notes['place']>, bytes: string, at: number[]])[] =
    [
      ['another event', { place: 4, left: 0 }, 'data: [DONE]\n\n', [4, 0]],
      ['an event that is cut', { place: 4, left: 0 }, event('ab').slice(0, -1), [4, 0]],
      ['an escape', { place: 4, left: 0 }, event('\\n'), [4, 0]],
      ['no text', { place: 4, left: 0 }, event(''), [4, 0]],
      ['the last chunk', { place: 0, left: 0 }, '0\r\n\r\n', [0, 0]],
      ['an extension of a chunk', { place: 0, left: 0 }, '5;x\r\n', [0, 0]],
      ['a size of eight digits', { place: 0, left: 0 }, '00000005\r\n', [0, 0]],
      ['an event beyond its chunk', { place: 1, left: 9 }, event('a'), [1, 9]],
      ['the last event of a sized body', { place: 3, left: event('a').length }, event('a'), [3, event('a').length]],
      ['no end of a chunk', { place: 2, left: 0 }, 'x', [2, 0]],
    ];
  for (const [what, place, bytes, at] of BROKEN) {
    it(`hands on ${what}, with its place in the body`, () => {
      assert.deepEqual(fed(place, bytes), [
        ['place', ...at],
        ['raw', bytes, 1],
      ]);
    });
  }

  it('recognizes events whose numbers differ, and tells their sizes', () => {
    const notes = new Notes();
    notes.place = { place: 4, left: 0 };
    notes.pattern = NUMBERED;
    const { stream, feed } = reader.feed(notes);
    stream.drain();
    const fitting = [numbered('a', '7', '1.25'), numbered('bc', '1795919772', '-3e+5')];
    const other = numbered('d', '', '1');
    for (const [i, bytes] of [...fitting, other].entries()) feed(Buffer.from(bytes), i);
    stream.drain();
    stream.close();
    assert.deepEqual(notes.all, [
      ['text', 'a', 0],
      ['text', 'bc', 1],
      ['place', 4, 0],
      ['raw', other, 2],
    ]);
    assert.deepEqual(
      notes.sizes,
      fitting.map(({ length }) => length),
    );
  });

  it('has instants that never decrease', () => {
    const notes = new Notes();
    const { stream, feed } = reader.feed(notes);
    feed(Buffer.from('a'), 5);
    feed(Buffer.from('b'), 3);
    stream.drain();
    stream.close();
    assert.deepEqual(notes.all, [
      ['raw', 'a', 5],
      ['raw', 'b', 5],
    ]);
  });

  it('hands on more than a page, in order', () => {
    const notes = new Notes();
    const { stream, feed } = reader.feed(notes);
    const reads = Array.from({ length: 20 }, (_, i) => String.fromCharCode(65 + i).repeat(30_000));
    for (const bytes of reads) feed(Buffer.from(bytes), 1);
    stream.drain();
    stream.close();
    assert.deepEqual(notes.all.map(([, bytes]) => bytes).join(''), reads.join(''));
    assert.equal(stream.received, 600_000);
  });

  it('leaves data that comes during a drain to the next one', () => {
    const notes = new Notes();
    const piece = 'x'.repeat(60_000);
    const { stream, feed } = reader.feed(notes);
    const onRaw = notes.onRaw.bind(notes);
    notes.onRaw = (...read) => {
      onRaw(...read);
      assert.ok(notes.all.length < 50, 'one drain does not end');
      feed(Buffer.from(piece), 1);
    };
    for (let reads = 1; reads <= 3; reads += 1) feed(Buffer.from(piece), 1);
    stream.drain();
    assert.equal(notes.all.length, 3);
    stream.drain();
    assert.equal(notes.all.length, 6);
    stream.close();
  });

  it('lets the event loop turn while a server sends without end', async () => {
    const server = new Worker(FLOOD, { eval: true });
    const [port] = (await once(server, 'message')) as [number];
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const notes = new Notes();
    let calls = 0;
    let isCounted = false;
    notes.onRaw = () => {
      if (isCounted) return;
      isCounted = true;
      // After each call from C, as what awaits an answer's end does.
      queueMicrotask(() => {
        isCounted = false;
        calls += 1;
        for (const until = systemClock.now() + 5; systemClock.now() < until; );
      });
    };
    reader.adopt(socket, notes);
    const turns: number[] = [];
    while (turns.filter((number) => number > 0).length < 40) {
      calls = 0;
      await systemClock.breathe();
      turns.push(calls);
    }
    socket.destroy();
    await server.terminate();
    assert.ok(Math.max(...turns) <= 2, `${Math.max(...turns)} calls in a turn of the event loop`);
  });
});
