import assert from 'node:assert/strict';
import { type SyntheticOptions, Synthetics } from '../../../engine/data/synthetic-prompts.js';
import { UserError } from '../../../engine/errors.js';
import { openTokenizer } from '../../../engine/tokens/tokenizer.js';
import { testFolder } from '../../support/folder.js';
import { KINDS, tokenizerPath } from '../../support/tokenizers.js';

/** Prompts drawn by iterations, `each` times, in the order of `turns`. */
function drawn(
  options: SyntheticOptions,
  tokenizer: string | undefined,
  { seed = 1, scenario = 'a', turns = [0, 1, 2, 3, 4], each = 1, vu = 0 } = {},
) {
  let now: number | undefined;
  const drawer = { vu, vus: 2, scenario, iteration: () => now };
  const { draw } = new Synthetics(seed).open(options, tokenizer, true, drawer);
  return turns.flatMap((turn) => {
    now = turn;
    return Array.from({ length: each }, () => draw());
  });
}

const text = (prompt: { readonly text: string }) => prompt.text;

describe('synthetic prompts', () => {
  const folder = testFolder();

  for (const kind of KINDS) {
    it(`have the wanted length by the tokenizer's count of the whole text: ${kind}`, () => {
      const path = tokenizerPath(kind);
      const { encode } = openTokenizer(path);
      for (const [input, sharedPrefix] of [
        [1, 0],
        [2, 0],
        [17, 0],
        [512, 0],
        [3, 5],
        [100, 256],
        [2048, 1],
      ] as const) {
        for (const { text, ids } of drawn({ input, sharedPrefix }, path)) {
          assert.equal(encode(text).length, input + sharedPrefix);
          assert.deepEqual(ids, encode(text));
        }
      }
    });
  }

  it('have the wanted lengths, and answers too', () => {
    const path = tokenizerPath('byte-level');
    const { count } = openTokenizer(path);
    const turns = Array.from({ length: 300 }, (_, turn) => turn);
    const prompts = drawn({ input: 'uniform 10-20', output: { mean: 50, stdev: 10 } }, path, { turns });
    const lengths = new Set(prompts.map((prompt) => count(prompt.text)));
    assert.deepEqual(
      [...lengths].sort(),
      ['10', '11', '12', '13', '14', '15', '16', '17', '18', '19', '20'].map(Number),
    );
    const answers = prompts.map(({ maxTokens = 0 }) => maxTokens);
    const mean = answers.reduce((sum, tokens) => sum + tokens, 0) / answers.length;
    assert.ok(Math.abs(mean - 50) < 2, `${mean}`);
    assert.equal(drawn({ input: 5 }, path)[0]?.maxTokens, undefined);
  });

  it('are common words without a tokenizer, one a token', () => {
    for (const { text, ids } of drawn({ input: 100, sharedPrefix: 20 }, undefined)) {
      assert.equal(text.split(' ').length, 120);
      assert.equal(ids.length, 120);
      assert.ok(ids.every((id) => id >= 1000 && id < 2000));
    }
  });

  it('depend on iteration and seed only', () => {
    const options = { input: 'uniform 10-50', output: 'uniform 1-9', sharedPrefix: 4 };
    const one = drawn(options, undefined, { turns: [0, 1, 2, 3, 4, 5], each: 2 });
    const even = drawn(options, undefined, { turns: [4, 2, 0], each: 2, vu: 1 });
    const asOf = (turn: number) => one.slice(2 * turn, 2 * turn + 2);
    assert.deepEqual(even.map(text), [...asOf(4), ...asOf(2), ...asOf(0)].map(text));
    const lengths = (prompts: typeof one) => prompts.map(({ maxTokens }) => maxTokens);
    assert.deepEqual(lengths(even), lengths([...asOf(4), ...asOf(2), ...asOf(0)]));
    assert.notDeepEqual(drawn(options, undefined, { seed: 2 }).map(text), one.slice(0, 5).map(text));
  });

  it('differ from one another, from their first word on where iterations follow one another', () => {
    const turns = Array.from({ length: 3000 }, (_, turn) => turn);
    const prompts = drawn({ input: 4 }, undefined, { turns, each: 3 }).map(text);
    assert.equal(new Set(prompts).size, 9000);
    const firsts = drawn({ input: 20 }, undefined, { turns: turns.slice(0, 100) }).map(
      (prompt) => text(prompt).split(' ')[0],
    );
    assert.equal(new Set(firsts).size, 100);
    const others = drawn({ input: 20 }, undefined, { scenario: 'b' }).map(text);
    assert.equal(new Set([...others, ...drawn({ input: 20 }, undefined).map(text)]).size, 10);
  });

  it('share the wanted prefix, in all scenarios, and not a token more', () => {
    const a = drawn({ input: 8, sharedPrefix: 30 }, undefined).map(text);
    const b = drawn({ input: 8, sharedPrefix: 30 }, undefined, { scenario: 'b' }).map(text);
    const begin = (prompt = '') => prompt.split(' ').slice(0, 30).join(' ');
    assert.equal(new Set([...a, ...b].map(begin)).size, 1);
    assert.equal(new Set(a.map((prompt) => prompt.split(' ')[30])).size, a.length);
  });

  it('are drawn outside of iterations as well, by each user its own', () => {
    const outside = (vu: number) => {
      const drawer = { vu, vus: 2, scenario: '', iteration: () => undefined };
      const { draw } = new Synthetics(1).open({ input: 10 }, undefined, true, drawer);
      return [draw().text, draw().text];
    };
    assert.equal(new Set([...outside(0), ...outside(1)]).size, 4);
  });

  it('need a tokenizer with enough words', () => {
    const path = folder.write('few.json', JSON.stringify({ model: { type: 'BPE', vocab: { a: 0 }, merges: [] } }));
    assert.throws(
      () => drawn({ input: 5 }, path),
      (error) => {
        assert.ok(error instanceof UserError);
        const said = 'its vocabulary has 0 English words that are always one token; prompts of given lengths need 64';
        assert.deepEqual([error.message, error.where], [said, path]);
        return true;
      },
    );
  });

  it('only check that the tokenizer exists during inspection', () => {
    const drawer = { vu: 0, vus: 1, scenario: '', iteration: () => 0 };
    const open = (path: string) => new Synthetics(1).open({ input: 5 }, path, false, drawer);
    assert.equal(
      open(tokenizerPath('unigram')).draw().text,
      drawn({ input: 5 }, tokenizerPath('unigram'), { scenario: '' })[0]?.text,
    );
    assert.throws(() => open('none'), { message: 'there is no such tokenizer' });
  });
});
