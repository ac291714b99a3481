import assert from 'node:assert/strict';
import { randomSource } from '../../../engine/random.js';
import { plainWords } from '../../../engine/tokens/plain-words.js';
import { openTokenizer } from '../../../engine/tokens/tokenizer.js';
import { KINDS, tokenizerPath } from '../../support/tokenizers.js';

describe('plain words', () => {
  for (const kind of KINDS) {
    it(`are such that any n of them are n tokens: ${kind}`, () => {
      const tokenizer = openTokenizer(tokenizerPath(kind));
      const { words, firstIds, laterIds } = plainWords(tokenizer);
      assert.ok(words.length >= 64, `${words.length} words`);
      const random = randomSource(1);
      for (let length = 1; length < 400; length += 7) {
        const picked = Array.from({ length }, () => Math.floor(random() * words.length));
        const ids = picked.map((word, at) => (at === 0 ? firstIds : laterIds)[word]);
        assert.deepEqual(tokenizer.encode(picked.map((word) => words[word]).join(' ')), ids);
      }
    });
  }
});
