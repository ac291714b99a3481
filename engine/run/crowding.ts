import { cpus } from 'node:os';
import { isHere } from '../client/here.js';
import type { TargetAddress } from '../client/target.js';
import type { Crowd } from '../metrics/quality.js';
import type { Phase } from '../metrics/series.js';
import type { Threads } from '../workers/main/threads.js';

/** Threads that share the cores with a server on this machine. */
export class Crowding {
  readonly #isNear: boolean;
  readonly #count: Threads['countRunnable'];
  readonly #seen: Record<Phase, { sum: number; looks: number }> = {
    steady: { sum: 0, looks: 0 },
    outside: { sum: 0, looks: 0 },
  };

  /** Takes the servers. Without one on this machine nothing is watched. */
  constructor(targets: readonly TargetAddress[], count: Threads['countRunnable']) {
    this.#count = count;
    this.#isNear = process.platform === 'linux' && targets.some(isHere);
  }

  /** Counts now, to be called about once a second. */
  look(phase: Phase): void {
    if (!this.#isNear) return;
    const runnable = this.#count() ?? 0;
    // One of them is who looks.
    if (runnable > 0) this.#seen[phase].sum += runnable - 1;
    this.#seen[phase].looks += 1;
  }

  /** Mean number of threads in these phases; undefined without a look. */
  in(phases: readonly Phase[]): Crowd | undefined {
    const seen = phases.map((phase) => this.#seen[phase]);
    const looks = seen.reduce((sum, each) => sum + each.looks, 0);
    const sum = seen.reduce((total, each) => total + each.sum, 0);
    return looks > 0 ? { threads: sum / looks, cores: cpus().length } : undefined;
  }
}
