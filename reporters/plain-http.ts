import type { Snapshot } from '../engine/metrics/snapshot.js';

/** True for a run of plain HTTP only, as far as it has come. */
export function isPlainHttp({ totals }: Pick<Snapshot, 'totals'>): boolean {
  return totals.requests === 0 && totals.http.requests > 0;
}
