/** Percentiles of all reports. */
const PERCENTS = [50, 75, 90, 95, 99];

/** Percentiles interpolated between samples, as NumPy and pandas do by default. */
export function exactPercentiles(samples: readonly number[]): Record<string, number> {
  if (samples.length === 0) return {};
  const sorted = samples.toSorted((a, b) => a - b);
  return Object.fromEntries(
    PERCENTS.map((percent) => {
      const place = ((sorted.length - 1) * percent) / 100;
      const below = sorted[Math.floor(place)] ?? 0;
      const above = sorted[Math.ceil(place)] ?? 0;
      return [percent === 50 ? 'med' : `p(${percent})`, below + (above - below) * (place % 1)];
    }),
  );
}
