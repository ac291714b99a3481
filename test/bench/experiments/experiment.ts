import type { Native, Target } from '../native.js';

/** Tools and settings that every experiment gets. */
export interface Bench {
  readonly native: Native;
  readonly target: Target;
  /** In a hurry: fewer levels and repeats. */
  readonly quick: boolean;
  /** The most workers that `scaling` tries. */
  readonly workers: number;
  /** Length of `soak`. */
  readonly minutes: number;
  /** Tells what is going on, or what was left out and why. */
  readonly log: (text: string) => void;
}

/** One figure, with the goal it is held to. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** Highest value that passes; absent where the figure is only for comparison. */
  readonly goal?: number;
  /** The least it may be. */
  readonly least?: number;
  /**
   * Compared by `--guard` with the baseline. Such a figure is much the same on every machine, and worse the higher it
   * is.
   */
  readonly guarded?: true;
}

/** Something that is measured, all of it inside one run. */
export interface Experiment {
  readonly name: string;
  readonly title: string;
  /** Occasion to run it: always, without `--quick`, or only by name. */
  readonly when: 'always' | 'at leisure' | 'when named';
  run(bench: Bench): Promise<readonly Figure[]>;
}

/** Those that can be used here; tells why the others cannot. */
export function present<Client extends { readonly name: string; missing(): string | undefined }>(
  clients: readonly Client[],
  log: (text: string) => void,
): readonly Client[] {
  return clients.filter((client) => {
    const missing = client.missing();
    if (missing) log(`${client.name} is skipped: ${missing}`);
    return !missing;
  });
}
