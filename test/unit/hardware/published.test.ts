import assert from 'node:assert/strict';
import {
  cardNamed,
  DEFAULT_EFFICIENCY,
  decodeWork,
  deploymentOf,
  type Efficiency,
  modelNamed,
  stepTime,
  type WeightPrecision,
} from '../../../engine/hardware/index.js';
import { rowsBelow } from '../../support/page.js';

/** Tokens a second of one user with 1024 tokens of context. */
function speed(card: string, size: string, weights: string, cards: number, efficiency: Efficiency): number {
  const parts = { card: cardNamed(card, 'test'), model: modelNamed(`qwen2.5-${size}`, 'test') };
  const deployment = deploymentOf({ ...parts, tensorParallel: cards, weights: weights as WeightPrecision });
  return 1000 / stepTime(deployment, efficiency)(decodeWork(1, 1024)).total;
}

/** Rows of a table of docs/hardware.md. `told` are our figures in it, one for each column of efficiencies. */
function rows(heading: string) {
  return rowsBelow('hardware.md', heading).map(([size = '', weights = '', cards = '', published = '', ...told]) => {
    return {
      size: size.toLowerCase(),
      weights,
      cards: Number(cards),
      published: Number(published),
      told: told.map(Number),
    };
  });
}

describe('a step by the constants, beside published measurements', () => {
  it('decodes on an A100 as fast as vLLM did, within an eighth from 7B on and a quarter below', () => {
    const all = rows('### vLLM on an A100');
    assert.ok(all.length >= 12);
    for (const { size, weights, cards, published, told } of all) {
      const ours = speed('a100', size, weights, cards, DEFAULT_EFFICIENCY);
      assert.equal(told[0], Number(ours.toFixed(1)), size);
      const isSmall = ['0.5b', '1.5b', '3b'].includes(size);
      assert.ok(
        Math.abs(ours / published - 1) < (isSmall && weights === 'int4' ? 0.27 : 0.125),
        `${size} ${weights} ${ours}`,
      );
    }
  });

  it('decodes on an H20 as SGLang did where 64 tokens take the time of one, and far too fast by the roofline', () => {
    const all = rows('### SGLang on an H20');
    assert.ok(all.length >= 3);
    for (const { size, weights, cards, published, told } of all) {
      const roofline = speed('h20', size, weights, cards, DEFAULT_EFFICIENCY);
      const tiled = speed('h20', size, weights, cards, { ...DEFAULT_EFFICIENCY, tileRows: 64 });
      assert.deepEqual(told, [Number(roofline.toFixed(1)), Number(tiled.toFixed(1))]);
      assert.ok(roofline > 1.5 * published && Math.abs(tiled / published - 1) < 0.1, `${size} ${roofline} ${tiled}`);
    }
  });

  it('has H20 behind A800 and before RTX 4090 with such tiles, and first without', () => {
    const ranked = (efficiency: Efficiency) => {
      const cards = ['rtx-4090', 'a800', 'h800', 'h20'];
      return cards.toSorted((a, b) => speed(b, '7b', 'bf16', 1, efficiency) - speed(a, '7b', 'bf16', 1, efficiency));
    };
    assert.deepEqual(ranked(DEFAULT_EFFICIENCY), ['h20', 'h800', 'a800', 'rtx-4090']);
    assert.deepEqual(ranked({ ...DEFAULT_EFFICIENCY, tileRows: 64 }), ['h800', 'a800', 'h20', 'rtx-4090']);
  });
});
