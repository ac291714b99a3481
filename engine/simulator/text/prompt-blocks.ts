import { tokensOf } from './prompt-tokens.js';

const SPACE = 32;

/**
 * Hashes of a prompt's full blocks, each of all text before. Two prompts share as many hashes as leading blocks. Tokens
 * are estimated as everywhere here, or counted if the text is token ids with a space after each.
 */
export function promptBlocks(text: string, blockSize: number, isIds = false): readonly number[] {
  const hashes: number[] = [];
  // Two chains of 32 bits (FNV-1a and a multiplicative one), of which 53 bits are kept: no two prompts of a run share one by chance.
  let first = 0x811c9dc5;
  let second = 0x9e3779b9;
  let tokens = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second + unit, 0x85ebca6b) ^ (second >>> 13);
    tokens += isIds ? Number(unit === SPACE) : tokensOf(unit);
    if (tokens < (hashes.length + 1) * blockSize) continue;
    hashes.push((first >>> 0) * 0x20_0000 + ((second >>> 0) & 0x1f_ffff));
  }
  return hashes;
}
