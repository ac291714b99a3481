import assert from 'node:assert/strict';
import { UserError } from '../../../../engine/errors.js';
import { CARDS, cardNamed, type Deployment, deploymentOf, modelNamed } from '../../../../engine/hardware/index.js';
import { type CardOptions, planCard } from '../../../../engine/simulator/index.js';

const deployed = (card: string, model = 'qwen2.5-7b', more: Partial<Deployment> = {}) => {
  return deploymentOf({ card: cardNamed(card, 'test'), model: modelNamed(model, 'test'), ...more });
};

function refusal(options: CardOptions): readonly (string | undefined)[] {
  try {
    planCard(options);
  } catch (error) {
    assert.ok(error instanceof UserError);
    assert.equal(error.exitCode, 104);
    return [error.where, error.message, error.hint];
  }
  return assert.fail('it was not refused');
}

describe('the limits of a card', () => {
  it('fits on every card with some number of cards, or is refused with what would', () => {
    for (const [slug] of CARDS) {
      for (const tensorParallel of [1, 2, 4, 8]) {
        const options = { deployment: deployed(slug, 'qwen2.5-72b', { tensorParallel }) };
        try {
          assert.ok(planCard(options).blocks * 16 >= 32_768 - 16);
        } catch (error) {
          assert.ok(error instanceof UserError && error.hint?.startsWith('it would fit with '), slug);
        }
      }
    }
  });

  it('takes the defaults of vLLM: larger steps on large cards', () => {
    const limits = (card: string, more: Partial<CardOptions> = {}) => {
      const plan = planCard({ deployment: deployed(card), maxModelLen: 16_384, ...more });
      return [plan.maxNumSeqs, plan.maxNumBatchedTokens, plan.blockSize, plan.prefixCaching, plan.chunkedPrefill];
    };
    assert.deepEqual(limits('h800'), [1024, 8192, 16, true, true]);
    assert.deepEqual(limits('a100'), [256, 2048, 16, true, true]);
    assert.deepEqual(limits('rtx-4090'), [256, 2048, 16, true, true]);
    assert.deepEqual(limits('h800', { chunkedPrefill: false }), [1024, 16_384, 16, true, false]);
    assert.deepEqual(limits('h800', { maxNumBatchedTokens: 512 }), [512, 512, 16, true, true]);
  });

  it('refuses what does not fit as vLLM does, and says what would', () => {
    assert.deepEqual(refusal({ deployment: deployed('h800', 'qwen2.5-72b') }), [
      '--card',
      'Qwen2.5-72B does not fit on 1 × H800 SXM: its weights take 145.4 GB of each card and the engine 3.5 GB, ' +
        'and 72.0 GB may be used (0.9 of 80 GB)',
      'it would fit with --tensor-parallel-size 4, or --quantization awq, or --card b200',
    ]);
    assert.deepEqual(refusal({ deployment: deployed('rtx-4090', 'qwen1.5-7b') }), [
      '--card',
      'Qwen1.5-7B on 1 × RTX 4090 has room for 5068 tokens in its KV cache (2.7 GB of each card), ' +
        'fewer than one sequence of 32768 may have',
      'it would fit with --max-model-len 5068, or --tensor-parallel-size 2, or --card l40s | a100 | a100-pcie | a800 | ' +
        'a800-pcie | h100 | h100-pcie | h800 | h20 | h20-3e | h200 | b200',
    ]);
    assert.deepEqual(refusal({ deployment: deployed('h20', 'qwen2.5-7b', { tensorParallel: 3 }) }), [
      '--tensor-parallel-size',
      'the 28 attention heads of Qwen2.5-7B cannot be divided among 3 cards',
      'use 1, 2, 4',
    ]);
    const deployment = deployed('h800');
    assert.deepEqual(refusal({ deployment, maxModelLen: 100_000 }), [
      '--max-model-len',
      'Qwen2.5-7B takes at most 32768 tokens, got 100000',
      'as with vLLM, VLLM_ALLOW_LONG_MAX_MODEL_LEN=1 in the environment lets it be longer',
    ]);
    assert.equal(planCard({ deployment, maxModelLen: 200_000, allowLong: true }).maxModelLen, 200_000);
    assert.deepEqual(refusal({ deployment, maxNumBatchedTokens: 100, maxNumSeqs: 200 }), [
      '--max-num-batched-tokens',
      'expected at least as many as --max-num-seqs, got 100 and 200',
      undefined,
    ]);
    assert.deepEqual(refusal({ deployment, chunkedPrefill: false, maxNumBatchedTokens: 4096 }), [
      '--max-num-batched-tokens',
      'without chunked prefill the longest prompt has to fit in one step: expected at least 32768, got 4096',
      'leave chunked prefill on, or lower --max-model-len',
    ]);
  });
});
