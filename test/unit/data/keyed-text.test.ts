import assert from 'node:assert/strict';
import { Synthetics } from '../../../engine/data/synthetic-prompts.js';

describe('texts by their keys', () => {
  const texts = new Synthetics(1).textsOf(undefined);
  const wordsOf = (text: string) => text.split(' ').filter(Boolean);

  it('have as many words as tokens, and begin alike for one key', () => {
    const long = texts.text(500, 'a');
    assert.equal(wordsOf(long).length, 500);
    assert.ok(long.startsWith(texts.text(200, 'a')));
    assert.equal(new Synthetics(1).textsOf(undefined).text(500, 'a'), long);
    assert.notEqual(new Synthetics(2).textsOf(undefined).text(500, 'a'), long);
    assert.equal(texts.text(0, 'a'), '');
  });

  it('have nothing in common for two keys', () => {
    const [a, b] = [wordsOf(texts.text(50, 'a')), wordsOf(texts.once(50, 'b'))];
    assert.ok(a.filter((word, at) => word === b[at]).length < 10);
  });
});
