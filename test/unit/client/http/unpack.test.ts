import assert from 'node:assert/strict';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { unpack } from '../../../../engine/client/http/unpack.js';

const MIB = 2 ** 20;

describe('a compressed body', () => {
  const codings = [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ] as const;
  for (const [coding, pack] of codings) {
    it(`is unpacked up to its limit, and refused beyond it (${pack.name})`, async () => {
      const packed = pack(Buffer.alloc(3 * MIB, 'x'));
      const bytes = await unpack(packed, coding, 3 * MIB);
      assert.equal(bytes.length, 3 * MIB);
      assert.ok(bytes.every((byte) => byte === 'x'.charCodeAt(0)));
      await assert.rejects(unpack(packed, coding, 3 * MIB - 1), /longer than/);
      await assert.rejects(unpack(packed, coding, 1000), /longer than/);
    });
  }

  it('may have bytes after its end', async () => {
    const body = Buffer.concat([gzipSync('hello'), Buffer.from('rest')]);
    assert.equal(String(await unpack(body, 'gzip')), 'hello');
  });

  for (const [what, body, coding] of [
    ['is not compressed', Buffer.from('hello'), 'gzip'],
    ['is cut', gzipSync(Buffer.alloc(3 * MIB)).subarray(0, -20), 'gzip'],
    ['has a coding that nobody knows', Buffer.from('hello'), 'constructor'],
  ] as const) {
    it(`is refused where it ${what}`, () => assert.rejects(unpack(body, coding), Error));
  }
});
