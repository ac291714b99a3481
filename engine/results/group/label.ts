import { findCard, findModel } from '../../hardware/index.js';
import type { RunRecord } from '../recorded-run.js';

/** Label that counts repeats; it does not distinguish settings. */
export const REPEAT = 'repeat';

/**
 * Canonical value of a label. Catalogue names for cards and models, case-insensitive, so that `H800` and `NVIDIA H800`
 * are one.
 */
export function canonical(label: string, value: string): string {
  const known = label === 'gpu' ? findCard(value)?.slug : label === 'model' ? findModel(value)?.slug : undefined;
  return known ?? value.trim().toLowerCase();
}

/** Label that every run has by itself. The name of its scenario file. */
export const SCENARIO = 'scenario';

/** Label of a run; undefined if missing. */
export function labelOf({ run }: Pick<RunRecord, 'run'>, label: string): string | undefined {
  const value = run.labels[label]?.trim() ?? (label === SCENARIO ? run.scenario.split(/[\\/]/).at(-1) : undefined);
  return value === '' ? undefined : value;
}

/** Label and value for people: `H800`, `TP 2`, `precision fp8`. */
export function labelText(label: string, value: string): string {
  if (label === 'gpu' || label === 'model' || label === SCENARIO) return value;
  return label === 'tp' ? `TP ${value}` : `${label} ${value}`;
}

/** Label that counts something; undefined unless a positive integer. */
export function countOf(record: Pick<RunRecord, 'run'>, label: string): number | undefined {
  const value = Number(labelOf(record, label));
  return Number.isInteger(value) && value >= 1 ? value : undefined;
}
