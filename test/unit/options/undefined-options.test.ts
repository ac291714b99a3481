import assert from 'node:assert/strict';
import { warnOfUndefined } from '../../../engine/options/undefined-options.js';

describe('options set to undefined', () => {
  it('are warned of by their path where they say how much load there is', () => {
    const scenarios = { chat: { executor: 'constant-vus', vus: undefined, duration: '3s', env: { rate: 'x' } } };
    assert.deepEqual(warnOfUndefined({ duration: undefined, seed: undefined, scenarios }), [
      'options.duration is undefined, as if not given; is its variable unset (-e NAME=value)?',
      'options.scenarios.chat.vus is undefined, as if not given; is its variable unset (-e NAME=value)?',
    ]);
  });

  it('are none in complete options, or without any', () => {
    assert.deepEqual(warnOfUndefined({ vus: 1, stages: [{ duration: 1, target: 2 }] }), []);
    assert.deepEqual(warnOfUndefined(undefined), []);
  });
});
