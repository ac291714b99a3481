import assert from 'node:assert/strict';
import { UserError } from '../../../engine/errors.js';
import {
  CARDS,
  CONSTANTS,
  cardNamed,
  DEFAULT_EFFICIENCY,
  deploymentOf,
  divides,
  findCard,
  findModel,
  IDEAL_EFFICIENCY,
  kvBytesPerToken,
  kvBytesPerTokenAndCard,
  linkBetween,
  MODELS,
  memoryUse,
  modelNamed,
  parametersOf,
  readEfficiency,
  weightBytes,
} from '../../../engine/hardware/index.js';

/** Published billions of parameters, without embeddings, and KiB of KV per token. */
const PUBLISHED: Readonly<Record<string, readonly [number, number, number]>> = {
  'qwen2.5-0.5b': [0.494, 0.358, 12],
  'qwen2.5-1.5b': [1.544, 1.31, 28],
  'qwen2.5-3b': [3.086, 2.775, 36],
  'qwen2.5-7b': [7.616, 6.526, 56],
  'qwen2.5-14b': [14.77, 13.213, 192],
  'qwen2.5-32b': [32.764, 31.207, 256],
  'qwen2.5-72b': [72.706, 70.215, 320],
  'qwen1.5-0.5b': [0.464, 0.308, 96],
  'qwen1.5-1.8b': [1.837, 1.215, 192],
  'qwen1.5-4b': [3.95, 3.173, 400],
  'qwen1.5-7b': [7.721, 6.477, 512],
  'qwen1.5-14b': [14.167, 12.61, 800],
  'qwen1.5-32b': [32.512, 30.955, 256],
  'qwen1.5-72b': [72.288, 69.797, 2560],
  'qwen1.5-110b': [111.21, 108.718, 320],
};

describe('the catalogue of cards and models', () => {
  it('has the parameters that were published', () => {
    assert.deepEqual([...MODELS.keys()].sort(), Object.keys(PUBLISHED).sort());
    for (const [slug, [total, nonEmbedding, kib]] of Object.entries(PUBLISHED)) {
      const model = modelNamed(slug, 'test');
      const parameters = parametersOf(model);
      assert.ok(Math.abs(parameters.total / 1e9 - total) <= 0.0051, `${slug}: ${parameters.total}`);
      assert.ok(Math.abs(parameters.nonEmbedding / 1e9 - nonEmbedding) <= 0.001, `${slug}: ${parameters.nonEmbedding}`);
      assert.equal(kvBytesPerToken(model, 'bf16'), kib * 1024);
      assert.equal(kvBytesPerToken(model, 'fp8'), kib * 512);
    }
    assert.equal(parametersOf(modelNamed('qwen2.5-7b', 'test')).total, 7_615_616_512);
    assert.equal(parametersOf(modelNamed('qwen2.5-32b', 'test')).total, 32_763_876_352);
  });

  it('keeps embedding and head of quantised models in bf16', () => {
    const model = modelNamed('qwen2.5-7b', 'test');
    const { total, linear } = parametersOf(model);
    assert.equal(weightBytes(model, 'bf16'), 2 * total);
    assert.equal(weightBytes(model, 'fp8'), 2 * total - linear);
    // Published checkpoints: Qwen2.5-7B-Instruct-AWQ is 5.57 GB, 72B-Instruct-AWQ 41.6 GB.
    assert.ok(Math.abs(weightBytes(model, 'int4') / 1e9 - 5.57) < 0.1);
    assert.ok(Math.abs(weightBytes(modelNamed('qwen2.5-72b', 'test'), 'int4') / 1e9 - 41.6) < 0.4);
  });

  it('copies heads of keys and values where there are more cards than heads', () => {
    const model = modelNamed('qwen2.5-3b', 'test');
    const whole = kvBytesPerToken(model, 'bf16');
    assert.deepEqual(
      [1, 2, 4].map((t) => kvBytesPerTokenAndCard(model, 'bf16', t) / whole),
      [1, 0.5, 0.5],
    );
    assert.deepEqual(
      [1, 2, 3, 4, 8, 7].map((t) => divides(modelNamed('qwen2.5-7b', 'test'), t)),
      [true, true, false, true, false, false],
    );
  });

  it('finds cards by the names that people, labels and drivers give them', () => {
    const names: Readonly<Record<string, string>> = {
      H800: 'h800',
      'h800-sxm5': 'h800',
      'RTX 4090': 'rtx-4090',
      rtx4090: 'rtx-4090',
      '4090': 'rtx-4090',
      'NVIDIA GeForce RTX 4090': 'rtx-4090',
      'nvidia/rtx_4090': 'rtx-4090',
      'NVIDIA A800-SXM4-80GB': 'a800',
      'NVIDIA A800 80GB PCIe': 'a800-pcie',
      'NVIDIA A100-PCIE-40GB': 'a100-pcie',
      'NVIDIA H100 80GB HBM3': 'h100',
      'NVIDIA H100 PCIe': 'h100-pcie',
      'NVIDIA H20': 'h20',
      'H20-3e': 'h20-3e',
      'NVIDIA L40S': 'l40s',
      b200: 'b200',
    };
    for (const [name, slug] of Object.entries(names)) assert.equal(findCard(name)?.slug, slug, name);
    for (const name of ['H900', 'RTX 4090 D', '', 'nvidia', 'L40']) assert.equal(findCard(name), undefined, name);
    for (const [slug, card] of CARDS) assert.equal(findCard(card.name), card, slug);
  });

  it('finds models by repository, path and quantised names', () => {
    const names: Readonly<Record<string, string>> = {
      'Qwen/Qwen2.5-7B-Instruct': 'qwen2.5-7b',
      'Qwen2.5-7B': 'qwen2.5-7b',
      'qwen2.5:7b': 'qwen2.5-7b',
      'qwen 2.5 7b': 'qwen2.5-7b',
      '/models/Qwen1.5-14B-Chat-GPTQ-Int4/': 'qwen1.5-14b',
      'Qwen/Qwen2.5-72B-Instruct-AWQ': 'qwen2.5-72b',
      'qwen1.5-0.5b': 'qwen1.5-0.5b',
    };
    for (const [name, slug] of Object.entries(names)) assert.equal(findModel(name)?.slug, slug, name);
    for (const name of ['Qwen2.5-Coder-7B', 'qwen2.5', '', 'Llama-3.1-8B']) assert.equal(findModel(name), undefined);
  });

  it('lists what it knows where a name is unknown, and the nearest', () => {
    const refusal = (of: () => unknown) => {
      try {
        return of();
      } catch (error) {
        assert.ok(error instanceof UserError);
        return [error.message, error.where, error.hint];
      }
    };
    assert.deepEqual(
      refusal(() => cardNamed('h880', '--card')),
      [
        'there is no card "h880" in the catalogue; did you mean "h800"?',
        '--card',
        'known are rtx-4090, l40s, a100, a100-pcie, a800, a800-pcie, h100, h100-pcie, h800, h20, h20-3e, h200, b200',
      ],
    );
    const [message, where, hint] = refusal(() => modelNamed('gpt-5', 'the label model')) as string[];
    assert.deepEqual([message, where], ['there is no model "gpt-5" in the catalogue', 'the label model']);
    assert.match(hint ?? '', /^known are qwen2.5-0.5b, .*qwen1.5-110b$/);
  });

  it('lets two cards use their bridge, and four of them PCIe', () => {
    const card = cardNamed('a800-pcie', 'test');
    assert.deepEqual(linkBetween(card, 2), { kind: 'nvlink', oneWay: 200 });
    assert.deepEqual(linkBetween(card, 4), { kind: 'pcie', oneWay: 32 });
    assert.deepEqual(linkBetween(cardNamed('h20', 'test'), 8), { kind: 'nvlink', oneWay: 450 });
  });

  it('has no room for keys and values where the weights do not fit', () => {
    const model = modelNamed('qwen2.5-32b', 'test');
    const on = (card: string, tensorParallel: number) => {
      return memoryUse(deploymentOf({ card: cardNamed(card, 'test'), model, tensorParallel }), DEFAULT_EFFICIENCY);
    };
    assert.ok(on('rtx-4090', 1).kvCache < 0 && on('rtx-4090', 1).kvTokens === 0);
    assert.ok(on('rtx-4090', 8).kvTokens > on('rtx-4090', 4).kvTokens);
    const { usable, weights, overhead, kvCache } = on('h20', 2);
    assert.ok(Math.abs(usable - weights - overhead - kvCache) < 1);
    assert.equal(overhead, 3.87e9);
  });
});

describe('the constants between the roofline and real servers', () => {
  it('have a source each, and lie within what they may be', () => {
    for (const [name, { value, least, most, meaning, source }] of Object.entries(CONSTANTS)) {
      assert.ok(value >= least && value <= most && meaning !== '' && source !== '', name);
    }
    const { requestTurns, chunkTokens, graphTokens, ...ideal } = IDEAL_EFFICIENCY;
    assert.ok(Object.entries(ideal).every(([name, value]) => value === (/width|compute|tile/i.test(name) ? 1 : 0)));
    assert.ok(requestTurns >= 2 && chunkTokens >= 1 && graphTokens >= 1e9);
  });

  it('can be replaced one by one', () => {
    const { efficiency, problems } = readEfficiency({ compute: 0.5, stepOverheadMs: 2 });
    assert.deepEqual([efficiency, problems], [{ ...DEFAULT_EFFICIENCY, compute: 0.5, stepOverheadMs: 2 }, []]);
  });

  it('are refused with all that is wrong', () => {
    assert.deepEqual(readEfficiency({ compute: 1.5, computes: 1, operationUs: '3', nonsense: 1 }).problems, [
      'compute: expected a number from 0.05 to 1, got 1.5',
      'computes: there is no such constant; did you mean "compute"?',
      'operationUs: expected a number from 0 to 1000, got "3"',
      `nonsense: there is no such constant; use ${Object.keys(CONSTANTS).join(', ')}`,
    ]);
    for (const given of [[], null, 7]) {
      assert.deepEqual(readEfficiency(given).problems, ['expected an object such as {"compute": 0.7}']);
    }
  });
});
