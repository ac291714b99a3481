/** Leg in which the rate changes linearly; `duration` in milliseconds. */
export interface RateLeg {
  readonly duration: number;
  /** Arrivals per time unit. */
  readonly from: number;
  readonly to: number;
}

/** Number of arrivals of a leg, fractional: the area under the rate. */
function areaOf({ duration, from, to }: RateLeg, timeUnit: number): number {
  return ((from + to) * duration) / (2 * timeUnit);
}

/** Number of arrivals of all legs. */
export function totalArea(legs: readonly RateLeg[], timeUnit: number): number {
  return legs.reduce((sum, leg) => sum + areaOf(leg, timeUnit), 0);
}

/**
 * Inverse of the area under the rate. It gives the instant, in milliseconds from the start, at which an area is
 * reached; areas must ascend. Within a leg from r₀ to r₁ over d it is 2a / (r₀ + √(r₀² + 2a(r₁ − r₀)/d)), a counted
 * from the leg's start; what a leg leaves over goes on into the next.
 */
export function instants(legs: readonly RateLeg[], timeUnit: number): (area: number) => number {
  let index = 0;
  let startsAt = 0;
  let before = 0;
  return (area) => {
    for (let leg = legs[index]; leg; leg = legs[index]) {
      const whole = areaOf(leg, timeUnit);
      if (area <= before + whole) return startsAt + within(leg, (area - before) * timeUnit);
      before += whole;
      startsAt += leg.duration;
      index += 1;
    }
    return startsAt;
  };
}

function within({ duration, from, to }: RateLeg, area: number): number {
  if (area <= 0) return 0;
  const rate = Math.sqrt(Math.max(0, from * from + (2 * area * (to - from)) / duration));
  return Math.min(duration, (2 * area) / (from + rate));
}
