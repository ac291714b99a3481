import type { Io } from './io.js';

/** Context in which commands are made. */
export interface Invocation {
  readonly io: Io;
  /** Makes an action of a function that resolves to an exit code. */
  readonly action: <Args extends readonly unknown[]>(act: (...args: Args) => Promise<number>) => Action<Args>;
}

type Action<Args extends readonly unknown[]> = (...args: Args) => Promise<void>;
