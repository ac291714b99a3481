/** Columns of a chart that share their x values. */
export interface Columns {
  readonly xs: readonly number[];
  readonly lines: readonly (readonly (number | null)[])[];
}

/**
 * Columns with about `most` points. Neighbours become two points, with the lowest and the highest value of each line,
 * so that no peak is lost. A group without any number is a gap. Few points stay as they are.
 */
export function decimated({ xs, lines }: Columns, most: number): Columns {
  if (xs.length <= most) return { xs, lines };
  const size = Math.ceil((2 * xs.length) / most);
  const groups = Math.ceil(xs.length / size);
  const thinned: number[] = [];
  for (let group = 0; group < groups; group += 1) {
    const from = group * size;
    const last = Math.min(xs.length, from + size) - 1;
    thinned.push(xs[from] ?? 0, xs[Math.max(from, Math.ceil((from + last) / 2))] ?? 0);
  }
  return { xs: thinned, lines: lines.map((values) => extremes(values, size, groups)) };
}

function extremes(values: readonly (number | null)[], size: number, groups: number): (number | null)[] {
  const found: (number | null)[] = [];
  for (let group = 0; group < groups; group += 1) {
    let low: number | null = null;
    let high: number | null = null;
    const end = Math.min(values.length, (group + 1) * size);
    for (let index = group * size; index < end; index += 1) {
      const value = values[index];
      if (value == null) continue;
      if (low === null || value < low) low = value;
      if (high === null || value > high) high = value;
    }
    found.push(low, high);
  }
  return found;
}
