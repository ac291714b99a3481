import { outside } from './outside.js';
import type { Duration, DurationText } from './scenarios.js';

/** Inclusive bounds of a number. */
export interface Bounds {
  /** Least value accepted. */
  readonly least?: number;
  /** Greatest value accepted. */
  readonly most?: number;
}

/**
 * Parameters of a scenario: values of `__ENV`, parsed and validated. They come from `-e NAME=value` or the process's
 * environment; without a value, or with an empty one, the scenario's default applies. All invalid values are reported
 * together before the load.
 */
export interface Env {
  /** Number, such as `env.number('RATE', 2.5, { least: 0.1 })`. */
  number(name: string, otherwise: number, bounds?: Bounds): number;
  /** Integer, such as `env.whole('PEAK_USERS', 64, { least: 1 })`. */
  whole(name: string, otherwise: number, bounds?: Bounds): number;
  /**
   * Duration, such as `env.duration('HOLD', '10m')`. Returns a text such as `'90s'`, for options as well as for
   * `sleep`.
   */
  duration(name: string, otherwise: DurationText, bounds?: { readonly least?: Duration }): DurationText;
  /** Text, such as `env.text('LANGUAGE', 'zh')`. */
  text(name: string, otherwise: string): string;
  /** One of several strings, such as `env.oneOf('API', ['chat', 'responses'])`. Default: the first. */
  oneOf<const Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice;
}

/** Parameters of the scenario; see `Env`. */
export const env: Env = new Proxy({} as Env, { get: () => outside('env') });
