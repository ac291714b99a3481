import type { Duration } from './options.js';
import { outside } from './outside.js';

/** What a number may be; both ends are allowed. */
export interface Bounds {
  readonly least?: number;
  readonly most?: number;
}

/**
 * Parameters of a scenario, as `-e NAME=value` or the process's environment gives them: `__ENV`, read and checked.
 * Without a value, or with an empty one, each has the value that the script names. Values that are no good are told
 * all together, by their names, before there is any load.
 */
export interface Env {
  /** `env.number('RATE', 2.5, { least: 0.1 })`. */
  number(name: string, otherwise: number, bounds?: Bounds): number;
  /** A number without a fraction: `env.whole('PEAK_USERS', 64, { least: 1 })`. */
  whole(name: string, otherwise: number, bounds?: Bounds): number;
  /** `env.duration('HOLD', '10m')`: a text such as `'90s'`, for options as well as for `sleep`. */
  duration(name: string, otherwise: string, bounds?: { readonly least?: Duration }): string;
  text(name: string, otherwise: string): string;
  /** One of several texts, the first where nothing is said: `env.oneOf('API', ['chat', 'responses'])`. */
  oneOf<const Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice;
}

/** The scenario's parameters: see `Env`. */
export const env: Env = new Proxy({} as Env, { get: () => outside('env') });
