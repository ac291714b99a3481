/** Middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** The mean; NaN of none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Means of consecutive stretches of equal length; a remainder is left out. */
export function blocks(values: readonly number[], count: number): readonly number[] {
  const length = Math.floor(values.length / count);
  return Array.from({ length: count }, (_, block) => mean(values.slice(block * length, (block + 1) * length)));
}

/** 97.5th percentile of Student's t with 18 degrees of freedom. That fits a line through 20 points. */
const T_18 = 2.101;

/** Length of the list that `slopeOf` takes. */
export const POINTS = 20;

/**
 * Slope per step of the least-squares line through 20 values. `margin` is half of its 95 % confidence interval. Values
 * that lie near those before them, as on the slope of a sawtooth, count for fewer: the interval is wider by √((1 + ρ) /
 * (1 − ρ)), ρ the correlation of a residual with the one before it (Santer and others, Journal of Geophysical Research
 * 2000).
 */
export function slopeOf(values: readonly number[]): { readonly slope: number; readonly margin: number } {
  if (values.length !== POINTS) throw new RangeError(`${values.length} values, not ${POINTS}`);
  const middle = (POINTS - 1) / 2;
  const average = mean(values);
  const spread = values.reduce((sum, _, x) => sum + (x - middle) ** 2, 0);
  const slope = values.reduce((sum, y, x) => sum + (x - middle) * (y - average), 0) / spread;
  const residuals = values.map((y, x) => y - average - slope * (x - middle));
  const residual = residuals.reduce((sum, each) => sum + each ** 2, 0);
  const shared = residuals.reduce((sum, each, x) => sum + each * (residuals[x + 1] ?? 0), 0);
  const correlation = residual > 0 ? Math.max(0, shared / residual) : 0;
  const widening = Math.sqrt((1 + correlation) / (1 - correlation));
  return { slope, margin: widening * T_18 * Math.sqrt(residual / (POINTS - 2) / spread) };
}
