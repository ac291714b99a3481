/** Executors with arrivals on schedule, independent of the server's speed. */
const OPEN: ReadonlySet<string> = new Set(['constant-arrival-rate', 'ramping-arrival-rate', 'trace']);

/** True for a recorded scenario with an open load. */
export function isOpenExecutor({ executor }: { readonly executor: string }): boolean {
  return OPEN.has(executor);
}
