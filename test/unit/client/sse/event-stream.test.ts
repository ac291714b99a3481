import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LONGEST_EVENT } from '../../../../engine/client/body/decoder.js';
import { EventStream } from '../../../../engine/client/sse/event-stream.js';
import { feed } from '../../../support/feed.js';

/** Name, data and instant of an event that was read. */
type Seen = readonly [name: string | undefined, data: string, at: number];

/** Reads pieces, each at the instant of its number. */
function read(pieces: readonly Buffer[]): readonly Seen[] {
  const seen: Seen[] = [];
  const stream = new EventStream({
    onEvent: ({ event, data }, at) => seen.push([event, data, at]),
    onTooLong: () => assert.fail('no event is too long'),
  });
  for (const [at, piece] of pieces.entries()) feed(stream, piece, at);
  return seen;
}

/** Cuts at byte positions, which may repeat. */
function cut(bytes: Buffer, positions: readonly number[]): readonly Buffer[] {
  const ends = positions.map((position) => position % (bytes.length + 1)).toSorted((a, b) => a - b);
  return [...ends, bytes.length].map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

const line = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\r\n]/g, '¶'));

/** Events, each with the lines that a server may write for it. */
const written = fc
  .record({
    name: fc.option(fc.constantFrom('error', 'message', '名'), { nil: undefined }),
    data: fc.array(line, { minLength: 1, maxLength: 3 }),
    noise: fc.subarray([': keep-alive', ':', 'id: 7', 'retry: 10', 'unknown: field', 'alone']),
    space: fc.boolean(),
    end: fc.constantFrom('\n', '\r\n', '\r'),
  })
  .map(({ name, data, noise, space, end }) => {
    const lines = [
      ...noise,
      ...(name === undefined ? [] : [`event:${space ? ' ' : ''}${name}`]),
      ...data.map((text) => `data:${space || text.startsWith(' ') ? ' ' : ''}${text}`),
      '',
    ];
    const bytes = Buffer.from(lines.map((text) => text + end).join(''));
    // A CR ends a line by itself; the LF of a CRLF adds nothing to it.
    return { name, data: data.join('\n'), bytes, complete: bytes.length - end.length };
  });

describe('a stream of server-sent events', () => {
  it('gives the same events wherever its bytes are cut, each at the read that completed it', () => {
    fc.assert(
      fc.property(fc.array(written), fc.array(fc.nat()), fc.boolean(), (events, positions, marked) => {
        const mark = Buffer.from(marked ? '\uFEFF' : '');
        const pieces = cut(Buffer.concat([mark, ...events.map(({ bytes }) => bytes)]), positions);
        const expected: Seen[] = [];
        let end = mark.length;
        for (const { name, data, bytes, complete } of events) {
          if (data !== '') expected.push([name, data, pieceOf(pieces, end + complete)]);
          end += bytes.length;
        }
        assert.deepEqual(read(pieces), expected);
      }),
    );
  });

  it('gives the same events when it comes byte by byte', () => {
    const bytes = Buffer.from('\uFEFFevent: 名\r\ndata: 😀 é\r\ndata: 二\r\n\r\ndata:x\n\n');
    const last = bytes.length - 1;
    assert.deepEqual(read([...bytes].map((byte) => Buffer.of(byte))), [
      // A CR ends its line before the LF has come.
      ['名', '😀 é\n二', last - 9],
      [undefined, 'x', last],
    ]);
  });

  it('gives all events of one read the same instant', () => {
    const seen = read([Buffer.from('data: 1\n\ndata: 2\n\ndata: 3\n\nda'), Buffer.from('ta: 4\n\n')]);
    assert.deepEqual(
      seen.map(([, data, at]) => [data, at]),
      [
        ['1', 0],
        ['2', 0],
        ['3', 0],
        ['4', 1],
      ],
    );
  });

  for (const [what, text] of [
    ['an event without data', 'event: ping\n\ndata:\n\ndata\n\n'],
    ['comments', ': still here\n\n:\n\n'],
    ['an event that was never completed', 'data: half\n'],
  ] as const) {
    it(`ignores ${what}`, () => assert.deepEqual(read([Buffer.from(text)]), []));
  }

  it('takes a byte order mark for text where it does not stand first', () => {
    assert.deepEqual(read([Buffer.from('data: a\n\n'), Buffer.from('\uFEFFdata: b\n\ndata: \uFEFFc\n\n')]), [
      [undefined, 'a', 0],
      [undefined, '\uFEFFc', 1],
    ]);
  });
});

describe('an event that is too long', () => {
  const MIB = 1024 * 1024;

  /** Repeats a piece until it is refused as too long. `told` is the number of pieces fed by then, or 0. */
  function fill(start: string, piece: string, atMost: number): { readonly told: number; readonly events: number } {
    let [told, events] = [0, 0];
    let fed = 0;
    const stream = new EventStream({
      onEvent() {
        events += 1;
      },
      onTooLong() {
        told = fed;
      },
    });
    feed(stream, start, 0);
    while (told === 0 && fed < atMost) {
      fed += 1;
      feed(stream, piece, fed);
    }
    return { told, events };
  }

  it('is reported once over its limit, before its end', () => {
    assert.deepEqual(fill('data: ', 'x'.repeat(MIB), 20), { told: LONGEST_EVENT / MIB, events: 0 });
  });

  it('is reported where it has many short lines', () => {
    const { told, events } = fill('', `data: ${'x'.repeat(1017)}\n`.repeat(1024), 20);
    assert.ok(told > 0 && told <= 9, `told after ${told} MiB`);
    assert.equal(events, 0);
  });

  it('is not confused with a long stream', () => {
    assert.deepEqual(fill('', `data: ${'x'.repeat(1016)}\n\n`.repeat(1024), 10), { told: 0, events: 10 * 1024 });
  });
});

/** Index of the piece that holds the byte at a position. */
function pieceOf(pieces: readonly Buffer[], position: number): number {
  let end = 0;
  return pieces.findIndex((piece) => {
    end += piece.length;
    return position < end;
  });
}
