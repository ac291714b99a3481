/** From the worst down: what the command line, the script or the world did wrong, then thresholds. */
const WORST_FIRST = [1, 105, 104, 107, 108, 100, 101, 110, 99];

/** The exit code of several runs. */
export function worstOf(codes: readonly number[]): number {
  return WORST_FIRST.find((code) => codes.includes(code)) ?? codes.find((code) => code !== 0) ?? 0;
}
