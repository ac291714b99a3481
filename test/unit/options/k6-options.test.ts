import assert from 'node:assert/strict';
import { k6Options, withoutCloud, withoutLoneUsers } from '../../../engine/options/k6-options.js';

describe('options of a k6 script', () => {
  it('are warned of where they have no effect, and the others kept', () => {
    const warnings: string[] = [];
    const kept = k6Options(
      { vus: 2, duration: null, dns: { ttl: '1m' }, durations: '1s', scenarios: { a: {} }, stages: [] },
      (text) => warnings.push(text),
    );
    assert.deepEqual(kept, { scenarios: { a: {} } });
    assert.deepEqual(warnings, [
      'options.dns of k6 has no effect here',
      'options.durations: there is no such option, so it has no effect; did you mean "duration"?',
      'options.vus has no effect beside scenarios',
      'options.stages is empty: one user runs one iteration',
    ]);
  });

  it('lose what is for the cloud of k6, silently and in any script', () => {
    assert.deepEqual(withoutCloud({ cloud: {}, ext: { loadimpact: {} }, vus: 1 }), { vus: 1 });
    assert.equal(withoutCloud('text'), 'text');
  });

  it('give no work to users alone, as in k6', () => {
    const layer = (options: unknown) => ({ name: 'the file', options, folder: '', placeOf: (path: string) => path });
    const warnings: string[] = [];
    const [alone] = withoutLoneUsers([layer({ vus: 5 })], (text) => warnings.push(text));
    assert.deepEqual(alone?.options, { vus: undefined });
    assert.deepEqual(warnings, ['vus has no effect without duration, iterations or stages, as in k6']);
    const both = [layer({ vus: 5 }), layer({ duration: '1s' })];
    assert.equal(
      withoutLoneUsers(both, () => assert.fail()),
      both,
    );
  });

  it('of TLS become ours', () => {
    const warnings: string[] = [];
    const read = (options: object) => k6Options(options, (text) => warnings.push(text));
    assert.deepEqual(
      read({
        tlsVersion: 'tls1.2',
        tlsCipherSuites: ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'TLS_RSA_WITH_AES_128_CBC_SHA'],
      }),
      {
        tls: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA' },
      },
    );
    assert.deepEqual(read({ tlsVersion: { min: 'tls1.0' }, tlsAuth: [{ cert: 'c', key: 'k', password: 'p' }, {}] }), {
      tls: { minVersion: 'TLSv1', maxVersion: undefined, cert: 'c', key: 'k', passphrase: 'p' },
    });
    assert.match(warnings.join(), /tlsAuth: the first certificate/);
  });
});
