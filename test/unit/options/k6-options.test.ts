import assert from 'node:assert/strict';
import { k6Options, withoutCloud } from '../../../engine/options/k6-options.js';

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
});
