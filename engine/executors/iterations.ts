import type { ClosedLoad } from './load.js';
import { nth, portion, type Share } from './share.js';

/**
 * Iterations are dealt out in turn: i to user i mod maxVus. The iterations of one worker's users are its pile, from
 * which any of them takes the next. So each worker has work in proportion to its users, and no two workers share a
 * number. With an iteration count per user, user u keeps to its own: u, u + maxVus, u + 2·maxVus, …
 */

/** Number of iterations of this worker; infinite for an uncounted load. */
export function pileOf({ iterations, maxVus }: ClosedLoad, share: Share): number {
  if (!iterations) return Number.POSITIVE_INFINITY;
  const users = portion(share, maxVus);
  if ('perVu' in iterations) return iterations.perVu * users;
  return Math.floor(iterations.shared / maxVus) * users + portion(share, iterations.shared % maxVus);
}

/** Test-wide number of the nth iteration that this worker starts. */
export function numberOf({ maxVus }: ClosedLoad, share: Share, n: number): number {
  const users = portion(share, maxVus);
  return Math.floor(n / users) * maxVus + nth(share, n % users);
}

/** Test-wide number of a VU's nth iteration, with a count per VU. */
export function ownNumber({ maxVus }: ClosedLoad, vu: number, n: number): number {
  return n * maxVus + vu;
}
