import assert from 'node:assert/strict';
import { answer, readChallenge } from '../../../../engine/vu/k6/digest-auth.js';

describe('digest authentication', () => {
  it('answers the challenge of RFC 7616, section 3.9.1', () => {
    const header =
      'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
    const challenge = readChallenge(header);
    assert.ok(challenge);
    const who = { name: 'Mufasa', password: 'Circle of Life', method: 'GET', path: '/dir/index.html' };
    const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
    assert.match(answer(challenge, who, cnonce), /response="8ca523f5e9506fed4657c9700eebdbec"/);
    const sha = { ...challenge, algorithm: 'SHA-256' };
    const expected = '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1';
    assert.match(answer(sha, who, cnonce), new RegExp(`response="${expected}"`));
  });

  it('leaves other challenges alone', () => {
    assert.equal(readChallenge('Basic realm="x"'), undefined);
    assert.equal(readChallenge(''), undefined);
  });
});
