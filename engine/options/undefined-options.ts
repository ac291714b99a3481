import { plainObject } from '../schema.js';

/** Options that say how much load there is. An undefined one is hardly meant. */
const LOAD = ['vus', 'startVUs', 'preAllocatedVUs', 'rate', 'iterations', 'duration'];

/** Warns of undefined load options, such as an unset variable makes. */
export function warnOfUndefined(options: unknown, root = 'options'): readonly string[] {
  return Object.entries(plainObject(options) ?? {}).flatMap(([name, value]) => {
    const path = `${root}.${name}`;
    if (value !== undefined) return warnOfUndefined(value, path);
    return LOAD.includes(name) ? [`${path} is undefined, as if not given; is its variable unset (-e NAME=value)?`] : [];
  });
}
