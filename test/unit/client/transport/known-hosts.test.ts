import assert from 'node:assert/strict';
import { knownHost } from '../../../../engine/client/transport/known-hosts.js';

const HOSTS = {
  'api.test': '10.0.0.7',
  'api.test:443': '10.0.0.7:8443',
  '*.test': '10.0.0.8',
  '*.deep.test': '[::1]:81',
  'six.test': '::1',
};

describe('a table of hosts', () => {
  it('gives the address of a name, with its port before it alone, and that before a pattern', () => {
    const found = [
      ['api.test', 80, '10.0.0.7', 80],
      ['api.test', 443, '10.0.0.7', 8443],
      ['other.test', 80, '10.0.0.8', 80],
      ['a.deep.test', 80, '::1', 81],
      ['six.test', 82, '::1', 82],
    ] as const;
    for (const [host, port, address, at] of found) {
      assert.deepEqual(knownHost({ host, port }, HOSTS), { host: address, port: at });
    }
    assert.equal(knownHost({ host: 'test', port: 80 }, HOSTS), undefined);
    assert.equal(knownHost({ host: 'api.test', port: 80 }, undefined), undefined);
  });
});
