import assert from 'node:assert/strict';
import { depthBucket, turnBucket } from '../../../../engine/vu/session/depth-buckets.js';

describe('buckets of turns and depths', () => {
  it('double in width', () => {
    assert.deepEqual([1, 2, 3, 4, 5, 8, 9, 16, 17, 100].map(turnBucket), [
      ...['1', '2', '3-4', '3-4', '5-8', '5-8', '9-16', '9-16', '17-32', '65-128'],
    ]);
    assert.deepEqual([1, 1023, 1024, 2047, 2048, 100_000, 2 ** 20 - 1, 2 ** 20, 5e6].map(depthBucket), [
      ...['0-1k', '0-1k', '1k-2k', '1k-2k', '2k-4k', '64k-128k', '512k-1024k', '1024k-', '1024k-'],
    ]);
  });
});
