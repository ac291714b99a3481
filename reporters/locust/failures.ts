import type { Summary } from '../../engine/metrics/snapshot.js';

/** Failures that Locust counts as one: equal method, name and message. */
export interface LocustFailure {
  readonly method: string;
  readonly name: string;
  readonly message: string;
  readonly count: number;
  /** Milliseconds since the load started. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** All failures of a run, in order of first appearance. */
export function locustFailures({ failures }: Summary): LocustFailure[] {
  const found = new Map<string, LocustFailure>();
  for (const { method, name, message, count, firstAt, lastAt } of failures) {
    const key = JSON.stringify([method, name, message]);
    const known = found.get(key) ?? { count: 0, firstAt, lastAt };
    found.set(key, {
      method,
      name,
      message,
      count: known.count + count,
      firstAt: Math.min(known.firstAt, firstAt),
      lastAt: Math.max(known.lastAt, lastAt),
    });
  }
  return [...found.values()].sort((a, b) => a.firstAt - b.firstAt);
}
