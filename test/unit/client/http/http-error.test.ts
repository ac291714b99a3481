import assert from 'node:assert/strict';
import { httpErrorOf, statusErrorCode } from '../../../../engine/client/http/http-error.js';

/** An error as Node and undici make them. */
function failed(code: string, syscall?: string, message = `${syscall} ${code}`): Error {
  return Object.assign(new Error(message), { code, ...(syscall && { syscall }) });
}

describe("k6's error codes", () => {
  for (const [error, code] of [
    [failed('ENOTFOUND', 'getaddrinfo'), 1101],
    [failed('EAI_AGAIN', 'getaddrinfo'), 1100],
    [failed('EAI_FAIL', 'getaddrinfo'), 1100],
    [failed('UND_ERR_CONNECT_TIMEOUT'), 1211],
    [failed('ETIMEDOUT', 'connect'), 1211],
    [failed('ECONNREFUSED', 'connect'), 1212],
    [failed('EHOSTUNREACH', 'connect'), 1213],
    [failed('ECONNRESET', 'read'), 1220],
    [failed('EPIPE', 'write'), 1201],
    [failed('DEPTH_ZERO_SELF_SIGNED_CERT'), 1310],
    [failed('SELF_SIGNED_CERT_IN_CHAIN'), 1310],
    [failed('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 1310],
    [failed('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), 1310],
    [failed('ERR_TLS_CERT_ALTNAME_INVALID'), 1311],
    [failed('CERT_HAS_EXPIRED'), 1300],
    [failed('ERR_SSL_WRONG_VERSION_NUMBER'), 1300],
    [failed('EPROTO', 'write'), 1300],
    [new AggregateError([failed('EHOSTUNREACH', 'connect')]), 1213],
    [Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }), 1212],
    [new AggregateError([]), 1210],
    [failed('UND_ERR_SOCKET'), 1000],
    [new Error('who knows'), 1000],
  ] as const) {
    const { name, message } = error;
    it(`${name} ${(error as { code?: string }).code ?? message} is ${code}`, () => {
      assert.equal(httpErrorOf(error).code, code);
      assert.notEqual(httpErrorOf(error).message, '');
    });
  }

  it('add 1000 to a status from 400 up', () => {
    const statuses = [0, 200, 302, 399, 400, 404, 499, 500, 599, 600];
    const none = undefined;
    assert.deepEqual(statuses.map(statusErrorCode), [none, none, none, none, 1400, 1404, 1499, 1500, 1599, none]);
  });
});
