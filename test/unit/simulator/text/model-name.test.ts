import assert from 'node:assert/strict';
import { behaviourOf, type FixedParts, isSimulatorModel } from '../../../../engine/simulator/text/model-name.js';

describe('the name of a simulated model', () => {
  it('fixes ttft, itl and length, in any order, and leaves the missing parts to options and defaults', () => {
    const table: readonly [string, FixedParts, ReturnType<typeof fixed> | undefined][] = [
      ['sim', {}, undefined],
      ['sim-qwen', {}, undefined],
      ['sim-ttft50-itl10-len100', {}, fixed(50, 10, 100)],
      ['sim-len7-itl0.5-ttft0', {}, fixed(0, 0.5, 7)],
      ['sim-itl3', {}, fixed(50, 3, 100)],
      ['sim-itl3', { ttftMs: 9, itlMs: 9, tokens: 9 }, fixed(9, 3, 9)],
      ['sim', { ttftMs: 9 }, fixed(9, 10, 100)],
      ['sim-ttft-itlx-len', {}, undefined],
      ['other-ttft1', {}, undefined],
      ['other-ttft1', { tokens: 5 }, fixed(50, 10, 5)],
    ];
    for (const [name, options, expected] of table) {
      assert.deepEqual(behaviourOf(name, options).fixed, expected, name);
    }
  });

  it('is `sim` or begins with `sim-`', () => {
    for (const name of ['sim', 'sim-', 'sim-ttft1', 'sim-anything']) assert.ok(isSimulatorModel(name), name);
    for (const name of ['', 'simulator', 'Sim', 'gpt-sim']) assert.ok(!isSimulatorModel(name), name);
  });
});

function fixed(ttftMs: number, itlMs: number, tokens: number) {
  return { pace: { ttftMs, itlMs }, tokens };
}
