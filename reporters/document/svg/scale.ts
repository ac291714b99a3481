/** Scale from numbers to positions, with marks at round numbers. */
export interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Linear scale from zero to just above `highest`, which lies at `to`. */
export function linear(highest: number, from: number, to: number, marks = 5): Scale {
  const step = roundStep((highest || 1) / marks);
  const end = Math.max(step, Math.ceil((highest * 1.02) / step) * step);
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)),
  );
  return { place: (value) => from + (value / end) * (to - from), ticks };
}

/** Smallest 1, 2 or 5 × 10ⁿ that is not below `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((each) => each * power >= least * 0.999_999) ?? 10;
  return factor * power;
}

/** Logarithmic scale for positive numbers. Without `ticks`, marks are at 1, 2 and 5 × 10ⁿ. */
export function logarithmic(
  lowest: number,
  highest: number,
  from: number,
  to: number,
  ticks?: readonly number[],
): Scale {
  const marks = ticks ?? roundBetween(lowest, highest);
  const [low, high] = [Math.log(Math.min(lowest, ...marks)), Math.log(Math.max(highest, ...marks))];
  const span = high - low || 1;
  const middle = high === low ? 0.5 : 0;
  return { place: (value) => from + (middle + (Math.log(value) - low) / span) * (to - from), ticks: marks };
}

function roundBetween(lowest: number, highest: number): readonly number[] {
  const powers = Array.from({ length: 40 }, (_, index) => index - 20);
  const all = powers.flatMap((power) => [1, 2, 5].map((factor) => Number((factor * 10 ** power).toPrecision(3))));
  const first = all.findLastIndex((tick) => tick <= lowest);
  const last = all.findIndex((tick) => tick >= highest);
  const found = all.slice(Math.max(0, first), last + 1);
  return found.length > 10 ? found.filter((tick) => /^1(e|0*$)|^0\.0*1$/.test(String(tick))) : found;
}
