import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { isHere } from '../client/here.js';
import type { TargetAddress } from '../client/target.js';
import type { Crowd } from '../metrics/quality.js';
import type { Phase } from '../metrics/series.js';

/** Running and runnable threads of the machine, as proc_loadavg(5) counts them. */
const RUNNABLE = /^(?:\S+ ){3}(\d+)\//;

/** Threads that share the cores with a server on this machine. */
export class Crowding {
  readonly #isNear: boolean;
  readonly #seen: Record<Phase, { sum: number; looks: number }> = {
    steady: { sum: 0, looks: 0 },
    outside: { sum: 0, looks: 0 },
  };

  /** Takes the servers. Without one on this machine nothing is watched. */
  constructor(targets: readonly TargetAddress[]) {
    this.#isNear = process.platform === 'linux' && targets.some(isHere);
  }

  /** Counts now, to be called about once a second. */
  look(phase: Phase): void {
    if (!this.#isNear) return;
    const runnable = Number(RUNNABLE.exec(readLoad())?.[1]);
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

function readLoad(): string {
  try {
    return readFileSync('/proc/loadavg', 'utf8');
  } catch {
    return '';
  }
}
