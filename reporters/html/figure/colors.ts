/** Number of colors that a page has for cards. */
const COLORS = 9;

/** Color of each value, from 1. By alphabetical order, so that pages with equal cards agree. */
export function colorsFor(values: readonly string[]): (value: string) => number {
  const sorted = [...new Set(values)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true, sensitivity: 'base' }));
  return (value) => 1 + (Math.max(0, sorted.indexOf(value)) % COLORS);
}
