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
