import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { compress, decodeBody, encodeBody } from '../../../../engine/client/http/http-body.js';

describe('the body of an HTTP request', () => {
  it('survives any coding, in one piece or several', async () => {
    const codings = fc.array(fc.constantFrom('gzip', 'deflate', 'br', 'identity'), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), codings, fc.nat(100), async (bytes, list, at) => {
        const packed = compress(Buffer.from(bytes), list.join(', '));
        const decoded = await decodeBody([packed.subarray(0, at), packed.subarray(at)], list.join(','));
        assert.deepEqual(decoded, Buffer.from(bytes));
      }),
    );
  });

  it('is the text itself before it is compressed', () => {
    assert.equal(gunzipSync(compress('你好', 'GZIP')).toString(), '你好');
  });

  it('is a form whose fields stand in the order in which they were given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string({ minLength: 1 }), fc.string()), async (fields) => {
        const { bytes } = await encodeBody(fields);
        assert.deepEqual([...new URLSearchParams(String(bytes))], Object.entries(fields));
      }),
    );
  });
});
