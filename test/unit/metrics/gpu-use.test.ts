import assert from 'node:assert/strict';
import type { GpuPoint } from '../../../engine/metrics/gpu-record.js';
import { gpuUseOf } from '../../../engine/metrics/gpu-use.js';

const point = (at: number, power: number | null, energy: number | null = null): GpuPoint => ({
  ...{ at, power, energy, activity: 1, memoryActivity: null, memoryUsed: null, clock: null, temperature: null },
  throttled: 0,
});

const WINDOW = { from: 1000, to: 5000 };

describe('use of the cards', () => {
  it('is the mean power between the looks, over the window', () => {
    const points = [point(0, 9999), point(1, 100), point(2, 300), point(4, 300), point(6, 9999)];
    // 200 J in the first second, 600 J in the next two.
    const use = gpuUseOf(points, WINDOW, 800);
    const power = 800 / 3;
    assert.ok(use && Math.abs(use.power - power) < 1e-9);
    assert.ok(Math.abs(use.energy - 4 * power) < 1e-9);
    assert.ok(Math.abs((use.joulesPerToken ?? 0) - (4 * power) / 800) < 1e-9);
    assert.ok(Math.abs((use.tokensPerJoule ?? 0) * (use.joulesPerToken ?? 0) - 1) < 1e-9);
  });

  it('is by the energy counters where there are some', () => {
    const use = gpuUseOf([point(1, 1, 5000), point(3, 1, 6000), point(5, 1, 7000)], WINDOW, 0);
    assert.deepEqual(use, { power: 500, energy: 2000, joulesPerToken: null, tokensPerJoule: null });
  });

  it('does not trust a counter that was reset', () => {
    assert.equal(gpuUseOf([point(1, 200, 5000), point(5, 200, 10)], WINDOW, 1)?.power, 200);
  });

  it('is not known from one look, or without power', () => {
    assert.equal(gpuUseOf([point(1, 1)], WINDOW, 1), null);
    assert.equal(gpuUseOf([point(1, null), point(2, null)], WINDOW, 1), null);
  });
});
