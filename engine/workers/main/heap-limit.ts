import { totalmem } from 'node:os';

/** Node's heap limit on a large machine, in MiB. LEAST is the minimum for a worker. */
const MOST = 4096;
const LEAST = 128;

/** Share of the machine's memory for all workers' heaps together. */
const SHARE = 0.75;

/**
 * Heap limit of one of `workers` workers, in MiB. A scenario that hoards memory then ends its own thread and not the
 * process. `--max-old-space-size` in NODE_OPTIONS takes precedence.
 */
export function heapLimit(workers: number): number {
  // A container may have less memory than its machine.
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY) / 2 ** 20;
  return Math.floor(Math.min(MOST, Math.max(LEAST, (SHARE * memory) / workers)));
}
