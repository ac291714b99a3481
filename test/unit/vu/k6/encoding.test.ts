import assert from 'node:assert/strict';
import { crypto } from '../../../../engine/vu/k6/crypto.js';
import { encoding } from '../../../../engine/vu/k6/encoding.js';

const { b64decode, b64encode } = encoding;
const BYTES = Uint8Array.from([0xfb, 0xff, 0xfe, 0x01]).buffer;

describe('k6/encoding', () => {
  it('writes each variant of base64, from text, buffers and views', () => {
    const variants = ['std', 'rawstd', 'url', 'rawurl'].map((variant) => b64encode(BYTES, variant));
    assert.deepEqual(variants, ['+//+AQ==', '+//+AQ', '-__-AQ==', '-__-AQ']);
    assert.deepEqual([b64encode('hé'), b64encode(Buffer.from('hé')), b64encode([104])], ['aMOp', 'aMOp', 'aA==']);
  });

  it('reads them, as bytes or text', () => {
    for (const [text, variant] of [
      ['+//+AQ==', 'std'],
      ['+//+AQ', 'rawstd'],
      ['-__-AQ==', 'url'],
      ['-__-AQ', 'rawurl'],
    ] as const) {
      assert.deepEqual(b64decode(text, variant), BYTES);
    }
    assert.equal(b64decode('aMOp', 'std', 's'), 'hé');
    assert.throws(() => b64decode('-__-', 'std'), /not base64 of the variant std/);
    assert.throws(() => b64encode(7), /expected a text, an ArrayBuffer or a typed array, got number/);
  });
});

describe('k6/crypto', () => {
  it('hashes as RFC 1321, RFC 3174 and FIPS 180 do, in each form', () => {
    assert.equal(crypto.md5('abc'), '900150983cd24fb0d6963f7d28e17f72');
    assert.equal(crypto.sha1('abc', 'base64'), 'qZk+NkcGgWq6PiVxeFDCbJzQ2J0=');
    assert.equal(crypto.sha1('abc', 'base64url'), 'qZk-NkcGgWq6PiVxeFDCbJzQ2J0=');
    assert.equal(crypto.sha1('abc', 'base64rawurl'), 'qZk-NkcGgWq6PiVxeFDCbJzQ2J0');
    assert.equal(crypto.sha512_224('abc'), '4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa');
    assert.deepEqual(Buffer.from(crypto.sha1('abc', 'binary') as ArrayBuffer).toString('hex'), crypto.sha1('abc'));
    assert.throws(() => crypto.md5('abc', 'octal'), /expected hex, base64/);
  });

  it('signs as RFC 2202 does, and hashes in parts', () => {
    assert.equal(crypto.hmac('md5', 'Jefe', 'what do ya want for nothing?'), '750c783e6ab0b503eaa86e310a5db738');
    const hash = crypto.createHash('sha256');
    hash.update('a');
    hash.update('bc');
    assert.equal(hash.digest(), crypto.sha256('abc'));
    assert.equal(hash.digest('hex'), crypto.sha256('abc'));
    assert.throws(() => crypto.createHMAC('crc', 'k'), /there is no hash called crc: there are md4, md5/);
  });

  it('makes random bytes and hex', () => {
    assert.equal(crypto.randomBytes(7).byteLength, 7);
    assert.equal(crypto.hexEncode(BYTES), 'fbfffe01');
    assert.throws(() => crypto.randomBytes(0), /a size from 1 on, got 0/);
  });
});
