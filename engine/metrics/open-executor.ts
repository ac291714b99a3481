/** Executors whose iterations start when they are due, whatever the server does. */
const OPEN: ReadonlySet<string> = new Set(['constant-arrival-rate', 'ramping-arrival-rate', 'trace']);

/** True for a recorded scenario whose load is open: arrivals, not users who wait. */
export function isOpenExecutor({ executor }: { readonly executor: string }): boolean {
  return OPEN.has(executor);
}
