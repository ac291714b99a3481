import { clockTime, compactCount, count, duration, percent } from '../format.js';
import type { Unit } from './chart.js';

/** Writes the number of a mark on an axis. */
export function tick(unit: Unit, value: number): string {
  const exact = Number(value.toPrecision(12));
  if (unit === 'time') return value === 0 ? '0' : duration(exact);
  if (unit === 'share') return `${count(Number((value * 100).toPrecision(12)))}%`;
  if (unit === 'whole' && !Number.isInteger(exact)) return '';
  return unit === 'seconds' ? clockTime(value * 1000) : compactCount(exact);
}

/** Writes a number in full. */
export function full(unit: Unit, value: number): string {
  if (unit === 'time') return duration(value);
  if (unit === 'share') return percent(value);
  return unit === 'seconds' ? `${count(value)} s` : count(value);
}

/** Color of each value, from 1 to 9. By alphabetical order, so that pages with equal cards agree. */
export function colorsFor(values: readonly string[]): (value: string) => number {
  const sorted = [...new Set(values)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true, sensitivity: 'base' }));
  return (value) => 1 + (Math.max(0, sorted.indexOf(value)) % 9);
}
