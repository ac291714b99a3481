import type { TokenComparison } from '../../engine/tokens/token-comparison.js';

/** One text as tokens of several models, for other programs; docs/tokens.md describes it. */
export function tokensJson(comparison: TokenComparison): string {
  return `${JSON.stringify({ schema: 'tokenswarm/tokens', version: 1, ...comparison }, null, 2)}\n`;
}
