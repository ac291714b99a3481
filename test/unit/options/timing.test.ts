import assert from 'node:assert/strict';
import { LIMITS, timingOf } from '../../../engine/options/timing.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('the timing of a run', () => {
  it('is the default but for what is given', () => {
    const clock = new FakeClock(7);
    const timing = timingOf({ clock, limits: { silence: 300 } });
    assert.equal(timing.clock.now(), 7);
    assert.deepEqual(timing.limits, { ...LIMITS, silence: 300 });
    assert.deepEqual(timingOf({}).limits, LIMITS);
  });
});
