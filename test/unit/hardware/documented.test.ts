import assert from 'node:assert/strict';
import {
  CARDS,
  CONSTANTS,
  cardNamed,
  DEFAULT_EFFICIENCY,
  decodeBound,
  deploymentOf,
  ENGINES,
  memoryUse,
  modelNamed,
  prefillBound,
} from '../../../engine/hardware/index.js';
import { rowsBelow } from '../../support/page.js';

describe('docs/hardware.md', () => {
  it('has every card with its figures', () => {
    const rows = [...CARDS.values()].map((card) => {
      const { kind, gbPerSecond, joins } = card.link;
      const link = `${kind === 'nvlink' ? 'NVLink' : 'PCIe'} ${gbPerSecond}${joins === 2 ? ', two cards' : ''}`;
      const figures = [
        card.bf16Tflops,
        card.fp8Tflops || '–',
        card.int8Tops,
        card.bandwidth,
        card.memory,
        link,
        card.tdp,
      ];
      return [card.slug, ...figures.map(String)];
    });
    assert.deepEqual(rowsBelow('hardware.md', '## Cards'), rows);
  });

  it('has the bounds that the formulas give', () => {
    const model = modelNamed('qwen2.5-7b', 'test');
    const told = rowsBelow('hardware.md', '## Bounds').filter(([slug = '']) => CARDS.has(slug));
    assert.equal(told.length, 4);
    for (const [slug = '', ttft, one, many, room] of told) {
      const deployment = deploymentOf({ card: cardNamed(slug, 'test'), model });
      const { kvTokens } = memoryUse(deployment, DEFAULT_EFFICIENCY);
      assert.deepEqual(
        [ttft, one, many],
        [
          `${prefillBound(deployment, 1024).ms.toFixed(1)} ms`,
          `${decodeBound(deployment, 1, 1024).ms.toFixed(2)} ms`,
          `${decodeBound(deployment, 32, 1024).ms.toFixed(2)} ms`,
        ],
      );
      assert.ok(Math.abs(Number(room?.replaceAll(',', '')) / kvTokens - 1) < 0.01, `${kvTokens}`);
    }
  });

  it('has every version of a server with the constants in which it differs', () => {
    const told = (constants: object) =>
      Object.entries(constants)
        .map(([name, value]) => `\`${name}\` ${value}`)
        .join(', ');
    const rows = [...ENGINES.values()].map(({ slug, utilization, constants, rust, source }) => {
      return [`\`${slug}\``, String(utilization), told(constants) || 'those above', rust ? told(rust) : '–', source];
    });
    assert.deepEqual(rowsBelow('hardware.md', '### By version'), rows);
  });

  it('has every constant with its value, meaning and source', () => {
    const rows = Object.entries(CONSTANTS).map(([name, { value, meaning, source }]) => [
      `\`${name}\``,
      `${value}`,
      meaning,
      source,
    ]);
    assert.deepEqual(rowsBelow('hardware.md', '## How far servers stay behind'), rows);
  });
});
