import { normal, randomSource } from '../random.js';
import type { Arrivals, OpenLoad } from './load.js';
import { instants, totalArea } from './rate.js';
import type { Share } from './share.js';

/** Arrival: number in the whole test, and due time. In milliseconds from the scenario's start. */
export interface Arrival {
  readonly number: number;
  readonly at: number;
}

/** Rounding tolerance of summed legs, in arrivals. Without it the last whole arrival could be lost. */
const HAIR = 1e-9;

/**
 * A worker's arrivals, in order. Arrival n is dealt to the planned user n mod plannedVus and belongs to that user's
 * worker: so the load of a worker is in proportion to its users. All workers together have every arrival once.
 *
 * Arrivals come at a rate of one in operational time, in which an hour at twice the rate is twice as long; the area
 * under the rate is the one, its inverse leads back to instants. So a rate that changes changes nothing else. Those of
 * a recording come when it says.
 */
export function* arrivalsOf(load: OpenLoad, share: Share, seed: number): Generator<Arrival, undefined> {
  const { legs, timeUnit, plannedVus, due } = load;
  if (share.index >= plannedVus) return;
  const isMine = (number: number) => (number % plannedVus) % share.count === share.index;
  if (due) {
    for (const [number, at] of due.entries()) if (isMine(number)) yield { number, at };
    return;
  }
  const instantOf = instants(legs, timeUnit);
  let number = 0;
  for (const area of areas(load, totalArea(legs, timeUnit), seed)) {
    if (isMine(number)) yield { number, at: instantOf(area) };
    number += 1;
  }
}

/** Positions of the arrivals in operational time, up to `total`. */
function* areas({ arrivals, beginsAtOnce }: OpenLoad, total: number, seed: number): Generator<number, undefined> {
  if (arrivals === 'uniform') {
    const end = beginsAtOnce ? Math.ceil(total - HAIR) : Math.floor(total + HAIR);
    for (let n = 0; n < end; n += 1) yield beginsAtOnce ? n : n + 1;
    return;
  }
  const gap = unitGaps(arrivals, seed);
  for (let area = gap(); area < total; area += gap()) yield area;
}

/** Random gaps with a mean of 1. */
export function unitGaps(arrivals: Exclude<Arrivals, 'uniform'>, seed: number): () => number {
  const random = randomSource(seed);
  // 1 − u is never 0, unlike u.
  const exponential = () => -Math.log(1 - random());
  if (arrivals === 'poisson') return exponential;
  const { gamma: shape } = arrivals;
  if (shape >= 1) return () => gamma(shape, random) / shape;
  // Gamma(k) is Gamma(k + 1) · U^(1/k), which is what works below a shape of 1.
  return () => (gamma(shape + 1, random) * (1 - random()) ** (1 / shape)) / shape;
}

/** Gamma deviate with shape from 1 up and scale 1. After G. Marsaglia and W. W. Tsang (2000). */
function gamma(shape: number, random: () => number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  while (true) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < x * x * 0.5 + d - d * v + d * Math.log(v)) return d * v;
  }
}
