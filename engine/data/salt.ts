import { combineSeeds } from '../random.js';
import type { Message } from './message-text.js';

/**
 * A source of salts for one user: 14 letters and digits that no other draw of the run gets, and, as `nonce` is drawn by
 * lot for each run, hardly one of another run. They look random from their first letter on, so that prompts differ there.
 */
export function salts(nonce: number, dataset: string, vu: number): () => string {
  const low = combineSeeds(nonce, dataset);
  const high = combineSeeds(dataset, nonce);
  let draws = 0;
  return () => {
    // Two steps that can be undone: different users or draws cannot come to the same.
    const own = scramble((draws ^ low) >>> 0);
    const whole = scramble((vu ^ high ^ own) >>> 0);
    draws += 1;
    return whole.toString(36).padStart(7, '0') + own.toString(36).padStart(7, '0');
  };
}

/** A permutation of the 32-bit numbers: the finalizer of MurmurHash3 (A. Appleby, public domain). */
function scramble(number: number): number {
  let bits = number;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** The messages with a salt at the very beginning of the first, on a line of its own. */
export function salted([first, ...rest]: readonly Message[], salt: string): Message[] {
  if (!first) return [];
  const { content } = first;
  const text = `${salt}\n`;
  if (typeof content === 'string') return [{ ...first, content: text + content }, ...rest];
  return [{ ...first, content: [{ type: 'text', text }, ...(content ?? [])] }, ...rest];
}
