/** One worker's portion of a plan: the numbers index, index + count, index + 2·count, … are its own. */
export interface Share {
  /** 0 to count − 1. */
  readonly index: number;
  readonly count: number;
}

/** How many of the numbers 0 … total − 1 are mine; over all shares they sum to `total` exactly. */
export function portion(share: Share, total: number): number {
  return Math.max(0, Math.ceil((total - share.index) / share.count));
}

/** The nth number that is mine. */
export function nth(share: Share, n: number): number {
  return share.index + n * share.count;
}
