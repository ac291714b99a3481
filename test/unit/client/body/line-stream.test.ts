import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LONGEST_EVENT } from '../../../../engine/client/body/decoder.js';
import { LineStream } from '../../../../engine/client/body/line-stream.js';
import { feed } from '../../../support/feed.js';

/** A line that was read, and the instant given with it. */
type Seen = readonly [data: string, at: number];

/** Reads pieces, each at the instant of its number, then the end. */
function read(pieces: readonly Buffer[]): readonly Seen[] {
  const seen: Seen[] = [];
  const stream = new LineStream({
    onEvent: ({ data }, at) => seen.push([data, at]),
    onTooLong: () => assert.fail('no line is too long'),
  });
  for (const [at, piece] of pieces.entries()) feed(stream, piece, at);
  stream.end();
  return seen;
}

describe('a stream of lines', () => {
  const written = fc.record({
    value: fc.jsonValue(),
    end: fc.constantFrom('\n', '\r\n', '\n\n', '\r\n \n'),
  });

  it('gives the same lines wherever its bytes are cut, each at the read that completed it', () => {
    fc.assert(
      fc.property(fc.array(written), fc.array(fc.nat()), fc.boolean(), (values, positions, marked) => {
        const mark = marked ? '\uFEFF' : '';
        const texts = values.map(({ value, end }) => [JSON.stringify(value), end] as const);
        const bytes = Buffer.from(mark + texts.map((pair) => pair.join('')).join(''));
        const ends = positions.map((position) => position % (bytes.length + 1)).toSorted((a, b) => a - b);
        const pieces = [...ends, bytes.length].map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
        let end = Buffer.byteLength(mark);
        const expected = texts.map(([text, ending]): Seen => {
          const at = end + Buffer.byteLength(text) + ending.indexOf('\n');
          end += Buffer.byteLength(text + ending);
          return [text, pieceOf(pieces, at)];
        });
        assert.deepEqual(read(pieces), expected);
      }),
    );
  });

  it('gives all lines of one read the same instant', () => {
    assert.deepEqual(read([Buffer.from('1\n2\n{'), Buffer.from('}\n')]), [
      ['1', 0],
      ['2', 0],
      ['{}', 1],
    ]);
  });

  it('gives a last line that only lacks its line break, at the read that brought it', () => {
    assert.deepEqual(read([Buffer.from('1\n{"a":'), Buffer.from('2}')]), [
      ['1', 0],
      ['{"a":2}', 1],
    ]);
  });

  it('drops a last line that was cut', () => {
    assert.deepEqual(read([Buffer.from('1\n{"a":')]), [['1', 0]]);
  });
});

describe('a line that is too long', () => {
  const MIB = 1024 * 1024;

  it('is reported once over its limit, before its end', () => {
    let told = 0;
    let fed = 0;
    const onEvent = () => assert.fail('no line has ended');
    const stream = new LineStream({
      onEvent,
      onTooLong() {
        told = fed;
      },
    });
    while (told === 0 && fed < 20) {
      fed += 1;
      feed(stream, 'x'.repeat(MIB), fed);
    }
    assert.equal(told, LONGEST_EVENT / MIB + 1);
  });

  it('is reported where it ends in the same read', () => {
    let told = 0;
    const stream = new LineStream({
      onEvent: () => assert.fail('it is too long'),
      onTooLong() {
        told += 1;
      },
    });
    feed(stream, `${'x'.repeat(LONGEST_EVENT + 1)}\n`, 1);
    assert.equal(told, 1);
  });

  it('is not confused with a long stream', () => {
    let lines = 0;
    const stream = new LineStream({
      onEvent() {
        lines += 1;
      },
      onTooLong: () => assert.fail('no line is too long'),
    });
    for (let i = 0; i < 10; i += 1) feed(stream, `${'x'.repeat(1023)}\n`.repeat(1024), i);
    assert.equal(lines, 10 * 1024);
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
