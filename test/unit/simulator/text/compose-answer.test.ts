import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type AnswerRequest, composeAnswer } from '../../../../engine/simulator/text/compose-answer.js';
import { promptOf } from '../../../../engine/simulator/text/prompt-tokens.js';

function compose(fields: Partial<AnswerRequest> = {}) {
  const answer = composeAnswer({
    prompt: promptOf('What makes a good habit?'),
    seed: 1,
    maxTokens: undefined,
    stop: [],
    ignoreEos: false,
    fixedTokens: undefined,
    ...fields,
  });
  const tokens = Array.from(answer.content(), (token) => token.text);
  assert.equal(tokens.length, answer.contentTokens);
  assert.equal(answer.steps, Math.max(1, answer.completionTokens));
  return { ...answer, tokens, text: tokens.join('') };
}

describe('an answer', () => {
  it('counts the end-of-sequence token when it ends by itself', () => {
    const { contentTokens, completionTokens, finishReason } = compose();
    assert.equal(completionTokens, contentTokens + 1);
    assert.equal(finishReason, 'stop');
  });

  it('is 20 to 200 tokens long, about 60 on average', () => {
    const lengths = Array.from({ length: 2000 }, (_, seed) => compose({ seed }).contentTokens);
    assert.ok(Math.min(...lengths) >= 20 && Math.max(...lengths) <= 200);
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    assert.ok(mean > 57 && mean < 63, `${mean}`);
  });

  it('is cut by max_tokens, also where only the end-of-sequence token is missing', () => {
    const { contentTokens } = compose();
    for (const maxTokens of [1, 5, contentTokens]) {
      const cut = compose({ maxTokens });
      assert.deepEqual([cut.contentTokens, cut.completionTokens, cut.finishReason], [maxTokens, maxTokens, 'length']);
    }
    assert.equal(compose({ maxTokens: contentTokens + 1 }).finishReason, 'stop');
  });

  it('continues to max_tokens when it ignores the end of sequence', () => {
    const { contentTokens, completionTokens, finishReason } = compose({ ignoreEos: true, maxTokens: 1000 });
    assert.deepEqual([contentTokens, completionTokens, finishReason], [1000, 1000, 'length']);
  });

  it('has exactly its content tokens in fixed mode, where max_tokens decides the reason', () => {
    const table: readonly [number, number | undefined, number, string][] = [
      [10, undefined, 10, 'stop'],
      [10, 11, 10, 'stop'],
      [10, 10, 10, 'length'],
      [10, 4, 4, 'length'],
      [0, undefined, 0, 'stop'],
    ];
    for (const [fixedTokens, maxTokens, tokens, reason] of table) {
      for (const ignoreEos of [false, true]) {
        const answer = compose({ fixedTokens, maxTokens, ignoreEos });
        assert.deepEqual(
          [answer.contentTokens, answer.completionTokens, answer.finishReason],
          [tokens, tokens, reason],
        );
      }
    }
  });

  it('has the same text up to a cut', () => {
    const whole = compose({ ignoreEos: true, maxTokens: 300 });
    assert.ok(whole.text.startsWith(compose().text));
    assert.ok(whole.text.startsWith(compose({ fixedTokens: 50 }).text));
  });

  it('ends before the first stop string and counts what was generated up to its end', () => {
    const whole = compose({ ignoreEos: true, maxTokens: 40 });
    const stops = fc.record({ from: fc.nat({ max: 150 }), length: fc.integer({ min: 1, max: 12 }) });
    fc.assert(
      fc.property(fc.array(stops, { minLength: 1, maxLength: 3 }), fc.boolean(), (places, fixed) => {
        const stop = places.flatMap(({ from, length }) => whole.text.slice(from, from + length) || []);
        fc.pre(stop.length > 0);
        const answer = compose({ stop, maxTokens: 40, ...(fixed ? { fixedTokens: 40 } : { ignoreEos: true }) });
        assert.ok(whole.text.startsWith(answer.text));
        assert.ok(stop.every((each) => !answer.text.includes(each)));
        assert.ok(stop.some((each) => whole.text.startsWith(answer.text + each)));
        assert.equal(answer.finishReason, 'stop');
        const generated = whole.tokens.slice(0, answer.completionTokens).join('');
        if (fixed) assert.equal(answer.completionTokens, answer.contentTokens);
        else assert.ok(stop.some((each) => generated.includes(each)));
      }),
    );
  });

  it('is not cut by a stop string that only comes after its end', () => {
    const { text, finishReason } = compose({ stop: ['#'], maxTokens: 10 });
    assert.equal(text, compose({ maxTokens: 10 }).text);
    assert.equal(finishReason, 'length');
  });
});
