import { messageOf, scriptError, UserError } from '../errors.js';

/** Options and functions that a scenario file exports. */
export interface Script {
  readonly options: unknown;
  /** Names of the exported functions. */
  readonly functions: readonly string[];
}

/**
 * Evaluates a scenario once, for its options and exports. `evaluate` comes from `compile`, with an API that records
 * nothing; `placeOf` finds the user's line in an error. Throws a UserError where the top of the file throws.
 */
export function load(
  evaluate: () => Readonly<Record<string, unknown>>,
  placeOf: (error: unknown) => string | undefined,
): Script {
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = evaluate();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw scriptError(placeOf(error), messageOf(error), 'the top of the scenario file threw this, before any load');
  }
  const functions = Object.keys(exports).filter((name) => typeof exports[name] === 'function');
  return { options: exports.options, functions };
}
