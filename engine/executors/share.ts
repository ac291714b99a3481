/** Portion of a plan. Of a worker or a machine: numbers index, index + count, index + 2·count, …. */
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

/** The share of a worker within its machine's share. */
export function shareWithin(machine: Share, worker: Share): Share {
  return { index: machine.index + worker.index * machine.count, count: machine.count * worker.count };
}

/** Least total of which this share has `own` numbers. */
export function totalOf(share: Share, own: number): number {
  return own === 0 ? 0 : nth(share, own - 1) + 1;
}
