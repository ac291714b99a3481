import assert from 'node:assert/strict';
import type { ServerFigures } from '../../../engine/metrics/server-record.js';
import { CounterGrowth } from '../../../engine/server-metrics/counter-growth.js';

const figures = (generationTokens: number, preemptions: number | null = null): ServerFigures => ({
  ...{ running: 0, waiting: 0, kvCache: null, prefixQueries: null, prefixHits: null },
  ...{ draftTokens: null, acceptedTokens: null, generationTokens, preemptions },
});

describe('the growth of counters', () => {
  it('is what came since the start', () => {
    const growth = new CounterGrowth();
    assert.equal(growth.of('generationTokens'), null);
    growth.start(figures(100, 2));
    assert.deepEqual(
      [growth.add(figures(150, 2)), growth.of('generationTokens'), growth.of('preemptions')],
      [false, 50, 0],
    );
    assert.equal(growth.of('prefixHits'), null);
  });

  it('continues over a restart, detected by falling counters', () => {
    const growth = new CounterGrowth();
    growth.start(figures(4_000_000, 7));
    growth.add(figures(4_860_000, 9));
    assert.equal(growth.add(figures(1400, 0)), true);
    assert.deepEqual([growth.of('generationTokens'), growth.of('preemptions')], [861_400, 2]);
    assert.equal(growth.add(figures(2000, 1)), false);
    assert.deepEqual([growth.of('generationTokens'), growth.of('preemptions')], [862_000, 3]);
  });
});
