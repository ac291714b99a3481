import type { Snapshot } from '../engine/metrics/snapshot.js';

/** True for a run that has sent plain HTTP requests only. */
export function isPlainHttp({ totals }: Pick<Snapshot, 'totals'>): boolean {
  return totals.requests === 0 && totals.http.requests > 0;
}
