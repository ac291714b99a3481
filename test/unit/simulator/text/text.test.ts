import assert from 'node:assert/strict';
import { promptOf } from '../../../../engine/simulator/text/prompt-tokens.js';
import { type Language, textFrom } from '../../../../engine/simulator/text/text.js';

function take(language: Language, seed: number, count: number): readonly string[] {
  const text = textFrom(language, seed);
  return Array.from({ length: count }, () => text.next().value.text);
}

describe('the text of the simulator', () => {
  it('is the same for the same seed and another for another', () => {
    for (const language of ['english', 'chinese'] as const) {
      assert.deepEqual(take(language, 7, 100), take(language, 7, 100));
      assert.notDeepEqual(take(language, 7, 100), take(language, 8, 100));
    }
  });

  it('is made of English words in sentences', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const text = take('english', seed, 200).join('');
      assert.match(text, /^(?:[A-Z][a-z]*(?:,? [a-z]+)*\. )+[A-Z]?/);
    }
  });

  it('is made of Chinese sentences whose tokens are one or two characters', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const tokens = take('chinese', seed, 200);
      assert.ok(tokens.every((token) => /^\p{Script=Han}{1,2}$|^[，。]$/u.test(token)));
      assert.match(tokens.join(''), /^(?:[\p{Script=Han}，]+。)+/u);
    }
  });
});

describe('a prompt', () => {
  it('is estimated at 0.7 tokens a CJK character and four other characters a token', () => {
    const table: readonly [string, number, Language][] = [
      ['', 1, 'english'],
      ['Hi', 1, 'english'],
      ['What is a load test?', 5, 'english'],
      ['你好，世界', 4, 'chinese'],
      ['什么是负载测试 (load test)？', 9, 'chinese'],
      ['How do I say 你好 to somebody in a letter?', 11, 'english'],
    ];
    for (const [text, tokens, language] of table) {
      assert.deepEqual(promptOf(text), { text, tokens, language });
    }
  });
});
