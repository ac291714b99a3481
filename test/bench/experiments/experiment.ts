import type { Native, Target } from '../native.js';

/** What an experiment has to work with. */
export interface Bench {
  readonly native: Native;
  readonly target: Target;
  /** In a hurry: fewer levels and repeats. */
  readonly quick: boolean;
  /** The most workers that `scaling` tries. */
  readonly workers: number;
  /** How long `soak` lasts. */
  readonly minutes: number;
  /** Tells what is going on, or what was left out and why. */
  readonly tell: (text: string) => void;
}

/** One figure, with the goal it is held to. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The most it may be; absent where it is only there to be compared with. */
  readonly goal?: number;
  /** The least it may be. */
  readonly least?: number;
  /** Much the same on every machine, and the worse the higher: what `--guard` compares with the baseline. */
  readonly guarded?: true;
}

/** Something that is measured, all of it inside one run. */
export interface Experiment {
  readonly name: string;
  readonly title: string;
  /** Whether it is part of every run, only of one without `--quick`, or only of one that names it. */
  readonly when: 'always' | 'at leisure' | 'when named';
  run(bench: Bench): Promise<readonly Figure[]>;
}

/** Those that can be used here; tells why the others cannot. */
export function present<Client extends { readonly name: string; missing(): string | undefined }>(
  clients: readonly Client[],
  tell: (text: string) => void,
): readonly Client[] {
  return clients.filter((client) => {
    const missing = client.missing();
    if (missing) tell(`${client.name} is skipped: ${missing}`);
    return !missing;
  });
}
