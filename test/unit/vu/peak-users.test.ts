import assert from 'node:assert/strict';
import type { PeakTimes } from '../../../engine/api/script.js';
import { peakUsers } from '../../../engine/vu/api/peak-users.js';

describe('peakUsers', () => {
  it('takes the number of users first', () => {
    const given = { users: 3, hold: '3s' } as unknown as number;
    assert.throws(() => peakUsers(given, undefined as unknown as PeakTimes), {
      message: /the number of users comes first/,
    });
  });

  it('ramps up from one user and holds them all', () => {
    assert.deepEqual(peakUsers(64, { ramp: '30s', hold: '5m', gracefulStop: '5s' }), {
      executor: 'ramping-vus',
      startVUs: 1,
      stages: [
        { duration: '30s', target: 64 },
        { duration: '5m', target: 64 },
      ],
      gracefulStop: '5s',
    });
  });

  const refused: readonly (readonly [times: unknown, message: string])[] = [
    [{ rmap: '1s', hold: '2s' }, 'peakUsers does not know the field rmap; did you mean "ramp"?'],
    [{ ramp: '1s' }, `peakUsers' hold: expected a duration such as "30s", got undefined`],
    [{ ramp: 60, hold: '2s' }, `peakUsers' ramp: expected a duration such as "30s", got 60; write "60s" or "60ms"`],
    ['1m', 'peakUsers: expected an object such as { ramp: …, hold: … }, got "1m"'],
  ];
  for (const [times, message] of refused) {
    it(`refuses ${JSON.stringify(times)}`, () => {
      assert.throws(() => peakUsers(5, times as PeakTimes), { name: 'TypeError', message });
    });
  }
});
