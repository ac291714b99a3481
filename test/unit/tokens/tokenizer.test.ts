import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode, UserError } from '../../../engine/errors.js';
import { openTokenizer } from '../../../engine/tokens/tokenizer.js';
import { testFolder } from '../../support/folder.js';
import { CORPUS, GOLDEN, KINDS, tokenizerPath, VARIANTS } from '../../support/tokenizers.js';

describe('a tokenizer', () => {
  const folder = testFolder();

  for (const kind of KINDS) {
    it(`reads every text of the corpus as Hugging Face's own library does: ${kind}`, () => {
      const { encode, count } = openTokenizer(tokenizerPath(kind));
      assert.equal(GOLDEN[kind]?.length, CORPUS.length);
      for (const [index, text] of CORPUS.entries()) {
        assert.deepEqual(encode(text), GOLDEN[kind]?.[index], text);
        assert.equal(count(text), GOLDEN[kind]?.[index]?.length, text);
      }
    });
  }

  for (const [name, { definition, counts }] of Object.entries(VARIANTS.variants)) {
    const file = `variant-${name}.json`;
    if (['bpe-merged', 'bpe-nounk'].includes(name)) {
      it(`is doubted where it counts otherwise: ${name}`, () => {
        assert.deepEqual(openTokenizer(folder.write(file, JSON.stringify(definition))).doubts, [
          'its BPE knows no bytes: characters beyond its vocabulary may count otherwise',
        ]);
      });
      continue;
    }
    it(`counts as Hugging Face's own library does, whatever its parts: ${name}`, () => {
      const { count, encode, doubts } = openTokenizer(folder.write(file, JSON.stringify(definition)));
      for (const [index, text] of VARIANTS.texts.entries()) {
        assert.equal(count(text), counts[index], JSON.stringify(text));
        assert.equal(encode(text).length, counts[index], JSON.stringify(text));
      }
      if (!name.startsWith('bpe')) assert.deepEqual(doubts, []);
    });
  }

  it('has no doubts about models as they are, and says which parts are not read', () => {
    for (const kind of KINDS) assert.deepEqual(openTokenizer(tokenizerPath(kind)).doubts, [], kind);
    const doubtful = {
      ...(JSON.parse(readFileSync(tokenizerPath('byte-level'), 'utf8')) as object),
      normalizer: { type: 'Sequence', normalizers: [{ type: 'Precompiled', precompiled_charsmap: null }] },
      added_tokens: [{ id: 0, content: 'x', single_word: true, special: false }],
    };
    assert.deepEqual(openTokenizer(folder.write('doubtful.json', JSON.stringify(doubtful))).doubts, [
      'its normalizer "Precompiled" is taken for NFKC, which differs for rare characters',
      'it has added tokens for single words, which are found inside of words too',
    ]);
  });

  it('adds no special tokens, but reads those that stand in a text', () => {
    const bert = openTokenizer(tokenizerPath('word-piece'));
    assert.equal(bert.count('hello'), bert.count('[CLS] hello [SEP]') - 2);
    assert.equal(openTokenizer(tokenizerPath('byte-level')).count('<|im_start|><|im_end|>'), 2);
  });

  it('reads a text of any length in pieces, which may cost a token each', () => {
    const { count } = openTokenizer(tokenizerPath('byte-level'));
    const line = `${'the load of a run '.repeat(20)}😀\n`;
    const lines = 1500;
    assert.equal(count(line.repeat(lines)), count(line) * lines);
    const unbroken = '😀'.repeat(200_000);
    assert.equal(count(unbroken), 200_000 * count('😀'));
  });

  it('is found in a folder, with the configuration beside it, and is called as the folder', () => {
    const json = readFileSync(tokenizerPath('byte-level'), 'utf8');
    folder.write('qwen/tokenizer.json', json);
    folder.write('qwen/tokenizer_config.json', '{"tokenizer_class": "Qwen2Tokenizer", "add_bos_token": false}');
    const { name, path, count } = openTokenizer(join(folder.path, 'qwen'));
    assert.deepEqual([name, path], ['qwen', join(folder.path, 'qwen/tokenizer.json')]);
    assert.equal(count('Hello, world!'), GOLDEN['byte-level']?.[0]?.length);
    assert.equal(openTokenizer(tokenizerPath('unigram')).name, 'unigram');
  });

  it('does without parts that older files have not', () => {
    const { model } = JSON.parse(readFileSync(tokenizerPath('byte-level'), 'utf8')) as { model: object };
    const bare = openTokenizer(folder.write('bare.json', JSON.stringify({ model })));
    assert.ok(bare.count('abc') > 0);
  });

  const good = readFileSync(tokenizerPath('byte-level'), 'utf8');
  const other = (change: object) => JSON.stringify({ ...(JSON.parse(good) as object), ...change });
  const wrong: readonly (readonly [what: string, content: string, message: string])[] = [
    ['no JSON', 'PK\u0003\u0004', 'not a tokenizer.json: it is not JSON'],
    ['no object', '[1, 2]', 'not a tokenizer.json: expected an object'],
    ['another JSON', '{"name": "x"}', 'not a tokenizer.json: it has no model'],
    [
      'the configuration',
      '{"tokenizer_class": "Qwen2Tokenizer"}',
      'this is a tokenizer_config.json; expected the tokenizer.json beside it',
    ],
    [
      'a pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:1\n',
      'the file is a pointer of Git LFS, not the tokenizer itself',
    ],
    [
      'another model',
      other({ model: { type: 'WordLevel', vocab: {} } }),
      'its model is a "WordLevel", which is not supported',
    ],
    [
      'no vocabulary',
      other({ model: { type: 'BPE', merges: [] } }),
      'not a tokenizer.json: its model has no vocabulary',
    ],
    [
      'an unknown part',
      other({ pre_tokenizer: { type: 'Mystery' } }),
      'the tokenizer cannot be used: Unknown PreTokenizer type: Mystery',
    ],
  ];
  for (const [what, content, message] of wrong) {
    it(`refuses ${what} and says what it is`, () => {
      const path = folder.write(`${what.replaceAll(' ', '-')}.json`, content);
      refuses(path, message, path);
    });
  }

  it('says where nothing is, and what a folder has instead', () => {
    refuses(join(folder.path, 'none.json'), 'there is no such tokenizer', join(folder.path, 'none.json'));
    mkdirSync(join(folder.path, 'empty'));
    refuses(join(folder.path, 'empty'), 'the folder has no tokenizer.json', join(folder.path, 'empty'));
    folder.write('llama/tokenizer.model', 'x');
    refuses(
      join(folder.path, 'llama'),
      'the folder has no tokenizer.json, only tokenizer.model, which is of another form',
      join(folder.path, 'llama'),
    );
  });

  function refuses(path: string, message: string, where: string): void {
    assert.throws(
      () => openTokenizer(path),
      (error) => {
        assert.ok(error instanceof UserError, String(error));
        assert.deepEqual([error.message, error.where, error.exitCode], [message, where, ExitCode.invalidConfig]);
        assert.ok(error.hint);
        return true;
      },
    );
  }
});
