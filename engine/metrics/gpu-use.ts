import type { GpuPoint, GpuUse } from './gpu-record.js';
import type { Window } from './window.js';

/** Mean of values; null without any. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.flatMap((value) => value ?? []);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Looks in a window, which is in milliseconds. */
export function pointsIn(points: readonly GpuPoint[], { from, to }: Window): readonly GpuPoint[] {
  return points.filter(({ at }) => at * 1000 >= from && at * 1000 <= to);
}

/**
 * Power and energy in a window, and for each output token. Energy is the mean power over the window's
 * length. The power is that of the cards' own energy counters where they have them, else the trapezoidal mean of the
 * looks. Null with fewer than two looks.
 */
export function gpuUseOf(points: readonly GpuPoint[], window: Window, outputTokens: number): GpuUse | null {
  const inside = pointsIn(points, window);
  const power = countedPower(inside) ?? sampledPower(inside);
  if (power === null) return null;
  const energy = (power * (window.to - window.from)) / 1000;
  const isKnown = outputTokens > 0 && energy > 0;
  return {
    power,
    energy,
    joulesPerToken: isKnown ? energy / outputTokens : null,
    tokensPerJoule: isKnown ? outputTokens / energy : null,
  };
}

/** Watts by the energy counters. A counter that fell back was reset. */
function countedPower(points: readonly GpuPoint[]): number | null {
  const known = points.filter(({ energy }) => energy !== null);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last || last.at <= first.at) return null;
  const joules = (last.energy ?? 0) - (first.energy ?? 0);
  return joules > 0 ? joules / (last.at - first.at) : null;
}

function sampledPower(points: readonly GpuPoint[]): number | null {
  const known = points.flatMap(({ at, power }) => (power === null ? [] : [{ at, power }]));
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last || last.at <= first.at) return null;
  let joules = 0;
  known.forEach(({ at, power }, index) => {
    const before = known[index - 1];
    if (before) joules += ((power + before.power) / 2) * (at - before.at);
  });
  return joules / (last.at - first.at);
}
