import { combineSeeds } from '../random.js';
import type { Message } from './message-text.js';

/**
 * Generates unique salts for one user: 14 letters and digits. No other draw of the run gets the same, and, since
 * `nonce` is random for each run, hardly one of another run. They look random from their first letter on, so that
 * prompts differ there.
 */
export function salts(nonce: number, dataset: string, vu: number): () => string {
  const low = combineSeeds(nonce, dataset);
  const high = combineSeeds(dataset, nonce);
  let draws = 0;
  return () => {
    // Two invertible steps: different users or draws cannot yield the same salt.
    const own = scramble((draws ^ low) >>> 0);
    const whole = scramble((vu ^ high ^ own) >>> 0);
    draws += 1;
    return whole.toString(36).padStart(7, '0') + own.toString(36).padStart(7, '0');
  };
}

/** Permutation of 32-bit numbers: MurmurHash3's finalizer (A. Appleby, public domain). */
function scramble(number: number): number {
  let bits = number;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Prepends a salt to the first message, on its own line. */
export function salted([first, ...rest]: readonly Message[], salt: string): Message[] {
  if (!first) return [];
  const { content } = first;
  const text = `${salt}\n`;
  if (typeof content === 'string') return [{ ...first, content: text + content }, ...rest];
  return [{ ...first, content: [{ type: 'text', text }, ...(content ?? [])] }, ...rest];
}
