import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PendingText } from '../../../engine/client/pending-text.js';

describe('a text that is pending', () => {
  it('returns all pieces in order, once', () => {
    const text = new PendingText();
    const pieces = fc.array(fc.string({ unit: 'grapheme', maxLength: 800 }), { maxLength: 20 });
    fc.assert(
      fc.property(pieces, (said) => {
        for (const piece of said) {
          const bytes = Buffer.from(`before${piece}after`);
          text.add(bytes, 'before'.length, bytes.length - 'after'.length);
        }
        assert.equal(text.take(), said.join(''));
        assert.equal(text.take(), '');
      }),
    );
  });
});
