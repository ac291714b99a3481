import assert from 'node:assert/strict';
import { charactersOf, runsOf } from '../../../engine/tokens/scripts.js';

describe('the scripts of a text', () => {
  it('are taken apart into runs of Chinese, with its punctuation, and of everything else', () => {
    assert.deepEqual(runsOf('人工智能（AI）正在改变软件开发：2024年。'), {
      chinese: ['人工智能（', '）正在改变软件开发：', '年。'],
      other: ['AI', '2024'],
    });
    assert.deepEqual(runsOf('他说“好”……然后走了'), { chinese: ['他说“好”……然后走了'], other: [] });
    assert.deepEqual(runsOf('“Hello” – it’s fine…'), { chinese: [], other: ['“Hello” – it’s fine…'] });
    assert.deepEqual(runsOf('𠮷'), { chinese: ['𠮷'], other: [] });
    assert.deepEqual(runsOf(''), { chinese: [], other: [] });
  });

  it('lose no character', () => {
    const text = 'a中b，c。日本語のテキスト한국어 😀\n《西游记》x';
    const { chinese, other } = runsOf(text);
    assert.equal([...chinese, ...other].join('').length, text.length);
  });

  it('have as many characters as Unicode says', () => {
    for (const text of ['', 'abc', '你好', '😀👍🏽', 'a𠮷b', '\ud83d', 'e\u0301']) {
      assert.equal(charactersOf(text), [...text].length, JSON.stringify(text));
    }
  });
});
