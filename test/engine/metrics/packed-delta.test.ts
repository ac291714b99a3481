import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EMPTY_DELTA, Histogram } from '../../../engine/metrics/histogram.js';
import { pack, unpack } from '../../../engine/metrics/packed-delta.js';

describe('a packed delta', () => {
  it('is the same when it is unpacked', () => {
    const samples = fc.array(
      fc.tuple(fc.double({ min: 0, max: 3_600_000, noNaN: true }), fc.integer({ min: 1, max: 1e12 })),
    );
    fc.assert(
      fc.property(samples, (values) => {
        const histogram = new Histogram('time');
        for (const [value, times] of values) histogram.record(value, times);
        const delta = histogram.toDelta();
        assert.deepEqual(unpack(pack(delta)), delta);
      }),
    );
  });

  it('of nothing has no bytes', () => {
    assert.equal(pack(EMPTY_DELTA).bytes.length, 0);
    assert.deepEqual(unpack(pack(EMPTY_DELTA)), EMPTY_DELTA);
  });

  it('takes a few bytes for each bucket', () => {
    const histogram = new Histogram('time');
    for (let i = 0; i < 1000; i += 1) histogram.record(20 + i / 100, 1 + (i % 40));
    const delta = histogram.toDelta();
    const { bytes } = pack(delta);
    assert.ok(bytes.length < 3 * delta.indexes.length, `${bytes.length} bytes for ${delta.indexes.length} buckets`);
  });
});
