import type { Exchange } from '../client/exchange.js';

/**
 * Characters of an answer: text, reasoning and tool call arguments. Counted in UTF-16 code units, which costs nothing;
 * a character beyond U+FFFF, such as most emoji, counts as two.
 */
export function charactersOf({ text, reasoning, toolCalls }: Exchange): number {
  let characters = text.length + reasoning.length;
  for (const call of toolCalls) characters += call.arguments.length;
  return characters;
}

/** Share of the instants, in ascending order, within [from, to). */
export function shareWithin(instants: readonly number[], from: number, to: number): number {
  return instants.length === 0 ? 0 : (before(instants, to) - before(instants, from)) / instants.length;
}

/** Number of instants before `instant`, by bisection. */
function before(instants: readonly number[], instant: number): number {
  let low = 0;
  let high = instants.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((instants[middle] ?? 0) < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}
