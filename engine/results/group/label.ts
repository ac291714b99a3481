import { findCard, findModel } from '../../hardware/index.js';
import type { RunRecord } from '../recorded-run.js';

/** The label that counts repeats of one setting: it tells no settings apart. */
export const REPEAT = 'repeat';

/**
 * A label's value as settings are told apart by it: cards and models by their names in the catalogue, where they are in it, and without
 * case in any event, so that `H800` and `NVIDIA H800` are one.
 */
export function canonical(label: string, value: string): string {
  const known = label === 'gpu' ? findCard(value)?.slug : label === 'model' ? findModel(value)?.slug : undefined;
  return known ?? value.trim().toLowerCase();
}

/** What every run is labelled with by itself: the name of its scenario's file. */
export const SCENARIO = 'scenario';

/** A label of a run as it is given; undefined where it has none. */
export function labelOf({ run }: Pick<RunRecord, 'run'>, label: string): string | undefined {
  const value = run.labels[label]?.trim() ?? (label === SCENARIO ? run.scenario.split(/[\\/]/).at(-1) : undefined);
  return value === '' ? undefined : value;
}

/** A label and its value as people read it: `H800`, `TP 2`, `precision fp8`. */
export function labelText(label: string, value: string): string {
  if (label === 'gpu' || label === 'model' || label === SCENARIO) return value;
  return label === 'tp' ? `TP ${value}` : `${label} ${value}`;
}

/** A label that counts something; undefined where it does not say a whole number of 1 or above. */
export function countOf(record: Pick<RunRecord, 'run'>, label: string): number | undefined {
  const value = Number(labelOf(record, label));
  return Number.isInteger(value) && value >= 1 ? value : undefined;
}
