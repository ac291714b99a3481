import type { DatasetUse } from '../../engine/metrics/snapshot.js';
import { count, percent } from '../format.js';

/** Rows drawn from a data set and the share repeated, in words. */
export function drawn({ rows, draws, distinct, repeats, salted }: DatasetUse): { value: string; note: string } {
  const value = `${count(draws)} drawn`;
  const of = `${count(distinct)} of ${count(rows)} rows`;
  if (repeats === 0) return { value, note: `${of}, no repeats` };
  const repeated = `${of}, ${percent(repeats / draws)} repeats`;
  return {
    value,
    note: salted ? `${repeated}, each made unique by a salt` : `${repeated}: a prefix cache may have them`,
  };
}
