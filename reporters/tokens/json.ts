import type { TokenComparison } from '../../engine/tokens/token-comparison.js';

/** Token counts of one text by several models, as JSON. docs/tokens.md describes the format. */
export function tokensJson(comparison: TokenComparison): string {
  return `${JSON.stringify({ schema: 'tokenswarm/tokens', version: 1, ...comparison }, null, 2)}\n`;
}
