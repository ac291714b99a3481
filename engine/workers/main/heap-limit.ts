import { totalmem } from 'node:os';

/** Node's own limit for a heap on a large machine, and less than which no worker can do with, in MiB. */
const MOST = 4096;
const LEAST = 128;

/** The share of the machine's memory that all workers' heaps together may take. */
const SHARE = 0.75;

/**
 * How large the heap of one of so many workers may grow, in MiB, so that a scenario that hoards memory ends its own thread
 * and not the process. `--max-old-space-size` in NODE_OPTIONS goes before it.
 */
export function heapLimit(workers: number): number {
  // A container may have less memory than its machine.
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY) / 2 ** 20;
  return Math.floor(Math.min(MOST, Math.max(LEAST, (SHARE * memory) / workers)));
}
