/** Ends of messages about options, and loads with one more option. */
export const WHOLE = 'expected a whole number from 1 to 100,000';
export const EXECUTORS =
  'expected one of constant-vus, ramping-vus, shared-iterations, per-vu-iterations, constant-arrival-rate, ' +
  'ramping-arrival-rate, trace, sessions';
export const DURATION = 'expected a duration of up to 30d such as "30s" or "1m30s"';
export const LONG_ENOUGH = 'expected a duration from 1s to 30d such as "30s" or "1m30s"';

/** A constant load with one more field, or another. */
export function constant(fields: object): object {
  return { scenarios: { a: { executor: 'constant-vus', duration: '10s', ...fields } } };
}

/** Ten arrivals a second with one more field, or another. */
export function arriving(fields: object): object {
  const rate = { executor: 'constant-arrival-rate', rate: 10, duration: '10s', preAllocatedVUs: 5 };
  return { scenarios: { a: { ...rate, ...fields } } };
}

export function rampingRate(fields: object): object {
  const rate = { executor: 'ramping-arrival-rate', stages: [{ duration: '10s', target: 5 }], preAllocatedVUs: 5 };
  return { scenarios: { a: { ...rate, ...fields } } };
}

/** One after the other. */
export function chain(after: Readonly<Record<string, string>>, names: readonly string[] = Object.keys(after)): object {
  const scenarios = names.map((name) => [name, { executor: 'per-vu-iterations', startAfter: after[name] }]);
  return { scenarios: Object.fromEntries(scenarios) };
}

export function ramp(stages: unknown): object {
  return { scenarios: { a: { executor: 'ramping-vus', stages } } };
}
