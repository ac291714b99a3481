import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openReader } from '../../../engine/data/byte-reader.js';
import { elementSpans, lineSpans } from '../../../engine/data/spans.js';
import { dataFolder } from './data-folder.js';

describe('the places of records', () => {
  const write = dataFolder();
  const text = fc.string({
    unit: fc.constantFrom('a', '"', '\\\\', ',', '[', ']', '{', '}', '二', '\n', ' '),
    maxLength: 40,
  });
  const windows = fc.constantFrom(0, 1, 7, 5000);

  it('of elements are those of a parser, for any size of reads', () => {
    const element = fc.oneof(
      text,
      fc.array(text, { maxLength: 3 }),
      fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true }),
      fc.constant(7),
    );
    fc.assert(
      fc.property(
        fc.array(element, { maxLength: 6 }),
        windows,
        fc.constantFrom(0, 1, 2),
        (elements, window, indent) => {
          const path = write('array.json', ` ${JSON.stringify(elements, undefined, indent)}\n`);
          const reader = openReader({ path }, window);
          const found = [...elementSpans(reader, 0, path)].map(({ start, end }) => JSON.parse(reader.text(start, end)));
          assert.deepEqual(found, elements);
        },
      ),
    );
  });

  it('of lines are those between line feeds', () => {
    fc.assert(
      fc.property(
        fc.array(
          text.map((line) => line.replaceAll('\n', '')),
          { minLength: 1, maxLength: 300 },
        ),
        windows,
        (lines, window) => {
          const path = write('lines.txt', `${lines.join('\n')}\n`);
          const reader = openReader({ path }, window);
          const found = [...lineSpans(reader, 0)].map(({ start, end, line }) => [line, reader.text(start, end)]);
          assert.deepEqual(
            found,
            lines.map((line, index) => [index + 1, line]),
          );
        },
      ),
      { numRuns: 30 },
    );
  });
});
