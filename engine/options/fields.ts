import { field } from '../schema.js';

/** A boolean. */
export const yesOrNo = field('true or false', (input) => (typeof input === 'boolean' ? input : undefined));

/** An instant with its time zone. The output is ISO 8601 in UTC. */
export const instant = field('an instant such as "2026-12-01T08:00:00Z", with its time zone', (input) => {
  if (typeof input !== 'string' || !/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i.test(input)) {
    return undefined;
  }
  const time = Date.parse(input);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
});
