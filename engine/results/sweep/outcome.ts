/** Exit codes from the worst: usage, script and system errors, then thresholds. */
const WORST_FIRST = [1, 105, 104, 107, 108, 100, 101, 110, 99];

/** Exit code of several runs. */
export function worstOf(codes: readonly number[]): number {
  return WORST_FIRST.find((code) => codes.includes(code)) ?? codes.find((code) => code !== 0) ?? 0;
}
