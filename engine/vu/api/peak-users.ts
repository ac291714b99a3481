import type { Api } from '../../api/index.js';
import { askUnit, parseDuration } from '../../clock.js';
import { checkFields, plainObject, show } from '../../schema.js';

const FIELDS = [
  ...['ramp', 'hold', 'gracefulRampDown', 'gracefulStop'],
  ...['exec', 'startTime', 'startAfter', 'env', 'tags'],
];

/** Scenario of `peakUsers`. Its TypeErrors name its own fields, not those of the executor. */
export const peakUsers: Api['peakUsers'] = (users, times) => {
  if (plainObject(users) !== undefined) {
    throw new TypeError(`peakUsers: the number of users comes first: peakUsers(100, { ramp: '30s', hold: '5m' })`);
  }
  checkFields('peakUsers', times, FIELDS);
  const { ramp, hold, ...rest } = times;
  for (const [name, given] of Object.entries({ ramp, hold })) {
    if (given !== undefined && parseDuration(given) !== undefined) continue;
    throw new TypeError(`peakUsers' ${name}: expected a duration such as "30s", got ${show(given)}${askUnit(given)}`);
  }
  return {
    executor: 'ramping-vus',
    startVUs: 1,
    stages: [
      { duration: ramp, target: users },
      { duration: hold, target: users },
    ],
    ...rest,
  };
};
