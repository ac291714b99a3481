import assert from 'node:assert/strict';
import {
  cardNamed,
  DEFAULT_EFFICIENCY,
  DEFAULT_UTILIZATION,
  decodeWork,
  deploymentOf,
  modelNamed,
  prefillWork,
  stepTime,
} from '../../../../engine/hardware/index.js';
import { expectedUnder } from '../../../../engine/results/advise/roofline-load.js';

describe('the load that the roofline expects', () => {
  const of = (gpu: string, model: string, tensorParallel = 1) =>
    deploymentOf({ card: cardNamed(gpu, ''), model: modelNamed(model, ''), tensorParallel });
  const constants = { efficiency: DEFAULT_EFFICIENCY, utilization: DEFAULT_UTILIZATION };
  const traffic = { input: 1000, output: 201, thinking: 0 };

  it("follows Little's law, and slows down with users", () => {
    const deployment = of('A800', 'Qwen2.5-7B');
    let before = 0;
    for (const users of [1, 8, 64, 512]) {
      const { ttft, tpot, e2e, requestsPerSecond, batch } = expectedUnder(deployment, traffic, users, constants)!;
      assert.ok(Math.abs((requestsPerSecond * e2e) / 1000 - users) < users * 1e-3);
      assert.ok(Math.abs(e2e - (ttft + 200 * tpot)) < 1e-6);
      const step = stepTime(deployment, DEFAULT_EFFICIENCY);
      const prompts = (batch / 200) * step(prefillWork(1000)).total;
      assert.ok(Math.abs(tpot - prompts - step(decodeWork(batch, batch * 1100.5)).total) < 1e-6);
      assert.ok(tpot > before && batch <= 256);
      before = tpot;
    }
    assert.equal(expectedUnder(deployment, traffic, 512, constants)!.limit, 'queue');
    assert.equal(expectedUnder(of('H20', 'Qwen2.5-7B'), { ...traffic, input: 10 }, 8, constants)!.limit, 'bandwidth');
  });

  it('reports what does not fit', () => {
    assert.equal(expectedUnder(of('RTX 4090', 'Qwen2.5-14B'), traffic, 1, constants), undefined);
    assert.equal(expectedUnder(of('RTX 4090', 'Qwen1.5-7B'), traffic, 64, constants)!.limit, 'KV memory');
  });
});
