import { combineSeeds, randomSource, shuffled } from '../../random.js';
import type { SessionIndex } from './session-index.js';

/** Recorded sessions to play, and their pace. */
export interface PlayedSessions {
  readonly index: SessionIndex;
  /** Longest gap between turns, in milliseconds. */
  readonly gapCap: number;
  readonly speed: number;
  /** Part of its first session within which each lane begins. Undefined for its beginning. */
  readonly startWithin: readonly [from: number, to: number] | undefined;
  readonly isShuffled: boolean;
  /** Sessions in the order of their starts. Present where these are played. */
  readonly byStart?: Uint32Array;
}

/** Orders of sessions in this thread, by their number and seed. */
const orders = new Map<string, Uint32Array>();

/** Session of an iteration. Each is played once before any is again. */
export function sessionOf({ index, isShuffled, byStart }: PlayedSessions, iteration: number, seed: number): number {
  const place = iteration % index.size;
  if (byStart) return byStart[place] ?? 0;
  if (!isShuffled) return place;
  const key = `${index.size} ${seed}`;
  const order = orders.get(key) ?? shuffled(index.size, combineSeeds(seed, 'sessions', index.size));
  orders.set(key, order);
  return order[place] ?? 0;
}

/** Share of its first session at which a lane begins. Undefined for its beginning. */
export function startShare({ startWithin }: PlayedSessions, lane: number, seed: number): number | undefined {
  if (!startWithin) return undefined;
  const [from, to] = startWithin;
  return from + (to - from) * randomSource(combineSeeds(seed, 'lane', lane))();
}

/** Gap as it is played, in milliseconds. */
export function playedGap({ gapCap, speed }: PlayedSessions, gap: number): number {
  return Math.min(gapCap, gap) / speed;
}
