import assert from 'node:assert/strict';
import { compareTokens } from '../../../engine/tokens/token-comparison.js';
import { tokensText } from '../../../reporters/tokens/text.js';

const SIZE = { texts: 2, characters: 1000, chinese: 400 };
const by = (name: string, all: number, chinese: number, other: number) => {
  return { name, path: `${name}/tokenizer.json`, counts: { all, chinese, other } };
};

describe('a comparison of tokenizers', () => {
  it('holds each against the first, and counts characters for each token of Chinese and other text', () => {
    const { results } = compareTokens('a.txt', SIZE, [by('a', 500, 250, 250), by('b', 250, 100, 150)]);
    const [a, b] = results;
    assert.deepEqual([a?.charactersPerToken, a?.chinesePerToken, a?.otherPerToken, a?.ratio], [2, 1.6, 2.4, 1]);
    assert.deepEqual([b?.charactersPerToken, b?.chinesePerToken, b?.otherPerToken, b?.ratio], [4, 4, 4, 0.5]);
  });

  it('says nothing of text that is not there', () => {
    const size = { texts: 1, characters: 10, chinese: 0 };
    const { results } = compareTokens('a.txt', size, [by('a', 5, 0, 5)]);
    assert.equal(results[0]?.chinesePerToken, undefined);
    assert.match(tokensText(compareTokens('a.txt', size, [by('a', 5, 0, 5)])), /^ {4}a +5 +2\.00 +– +2\.00 +×1\.000$/m);
  });

  it('tells which token rates are as much text, by the one that differs most', () => {
    const text = tokensText(
      compareTokens('a.txt', SIZE, [by('a', 500, 1, 1), by('b', 480, 1, 1), by('c\u001b[31m', 250, 1, 1)]),
    );
    assert.match(text, /100 tokens\/s of a are as much text as 50 tokens\/s of c:/);
    assert.ok(!text.includes('\u001b'));
  });
});
