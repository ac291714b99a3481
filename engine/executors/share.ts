/** Worker's portion of a plan: numbers index, index + count, index + 2·count, …. */
export interface Share {
  /** 0 to count − 1. */
  readonly index: number;
  readonly count: number;
}

/** Share of the numbers 0 … total − 1, as a count. Over all shares the counts sum to `total` exactly. */
export function portion(share: Share, total: number): number {
  return Math.max(0, Math.ceil((total - share.index) / share.count));
}

/** The nth number of this share. */
export function nth(share: Share, n: number): number {
  return share.index + n * share.count;
}
