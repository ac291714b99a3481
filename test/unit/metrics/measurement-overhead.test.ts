import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Histogram } from '../../../engine/metrics/histogram.js';
import { estimateInflation } from '../../../engine/metrics/measurement-overhead.js';

function delaysOf(...values: readonly number[]): Histogram {
  const histogram = new Histogram('time');
  for (const value of values) histogram.record(value);
  return histogram;
}

/** Wait of an arrival at a loop that alternates busy and idle. Times are in milliseconds. */
function waitAt(at: number, busy: number, idle: number): number {
  return Math.max(0, busy - (at % (busy + idle)));
}

describe('the inflation of latencies', () => {
  it('is the mean delay, for gaps of those up to a gap, with the p99 beside it', () => {
    const delays = delaysOf(0, 0, 0, 4, 36);
    assert.deepEqual(estimateInflation(delays, 100), { ttft: 8, itl: 8, p99: 36 });
    const capped = estimateInflation(delays, 10);
    assert.equal(capped?.ttft, 8);
    assert.ok(Math.abs((capped?.itl ?? 0) - 4 / 5) < 0.01, `${capped?.itl}`);
  });

  it('is nothing on an idle generator', () => {
    assert.deepEqual(estimateInflation(delaysOf(0, 0, 0), 10), { ttft: 0, itl: 0, p99: 0 });
  });

  it('is unknown without probes or streams', () => {
    assert.equal(estimateInflation(undefined, 10), null);
    assert.equal(estimateInflation(new Histogram('time'), 10), null);
    assert.equal(estimateInflation(delaysOf(1), undefined), null);
  });

  it('is that of simulated blocks and streams', () => {
    const blocks = fc.record({ busy: fc.integer({ min: 1, max: 300 }), gap: fc.integer({ min: 1, max: 100 }) });
    fc.assert(
      fc.property(blocks, ({ busy, gap }) => {
        // Idle for longer than a gap, so that a block is not felt through the one before it.
        const idle = gap + 100;
        const delays = new Histogram('time');
        let waited = 0;
        let lengthened = 0;
        const instants = 20_000;
        for (let i = 0; i < instants; i += 1) {
          const at = ((busy + idle) * (i + 0.5)) / instants;
          const wait = waitAt(at, busy, idle);
          delays.record(wait);
          waited += wait;
          // Events of one read share its gap, so only the delay of the last of them counts.
          const isLast = at + wait < at + gap + waitAt(at + gap, busy, idle) - 1e-6;
          if (isLast) lengthened += wait;
        }
        const { ttft = 0, itl = 0 } = estimateInflation(delays, gap) ?? {};
        assert.ok(Math.abs(ttft - waited / instants) < 0.001 + ttft / 1000);
        assert.ok(Math.abs(itl - lengthened / instants) < 0.01 + itl / 100, `${itl}, not ${lengthened / instants}`);
        // Σ b² / 2T, the textbook's mean residual life.
        assert.ok(Math.abs(ttft - busy ** 2 / (2 * (busy + idle))) < 0.01 + ttft / 100);
      }),
      { numRuns: 30 },
    );
  });
});
