import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EMPTY_DELTA, Histogram } from '../../../engine/metrics/histogram.js';
import { pack } from '../../../engine/metrics/packed-delta.js';

describe('a packed delta', () => {
  it('adds to a histogram what was packed', () => {
    const samples = fc.array(
      fc.tuple(fc.double({ min: 0, max: 3_600_000, noNaN: true }), fc.integer({ min: 1, max: 1e12 })),
    );
    fc.assert(
      fc.property(samples, (values) => {
        const histogram = new Histogram('time');
        for (const [value, times] of values) histogram.record(value, times);
        const delta = histogram.toDelta();
        const another = new Histogram('time');
        another.add(pack(delta));
        assert.deepEqual(another.toDelta(), delta);
      }),
    );
  });

  it('of nothing has no bytes', () => {
    assert.equal(pack(EMPTY_DELTA).bytes.length, 0);
  });

  it('takes a few bytes for each bucket', () => {
    const histogram = new Histogram('time');
    for (let i = 0; i < 1000; i += 1) histogram.record(20 + i / 100, 1 + (i % 40));
    const delta = histogram.toDelta();
    const { bytes } = pack(delta);
    assert.ok(bytes.length < 3 * delta.indexes.length, `${bytes.length} bytes for ${delta.indexes.length} buckets`);
  });
});
