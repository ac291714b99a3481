/** End of the first bucket of depths, in tokens. Each further one is twice as wide. */
const FIRST = 1024;

/** Depth of most tokens; deeper ones share a bucket. */
const DEEPEST = 2 ** 20;

/** Bucket of a turn's number, from 1: `1`, `2`, `3-4`, `5-8`, … */
export function turnBucket(turn: number): string {
  if (turn <= 2) return String(turn);
  const end = 2 ** Math.ceil(Math.log2(turn));
  return `${end / 2 + 1}-${end}`;
}

/** Bucket of a context's tokens: `0-1k`, `1k-2k`, …, `1024k-`. k is 1,024. */
export function depthBucket(tokens: number): string {
  if (tokens < FIRST) return '0-1k';
  if (tokens >= DEEPEST) return '1024k-';
  const begin = 2 ** Math.floor(Math.log2(tokens)) / 1024;
  return `${begin}k-${2 * begin}k`;
}
