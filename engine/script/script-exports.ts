import { missingImport } from '../api/names.js';
import { configError, didYouMean, messageOf, scriptError, UserError } from '../errors.js';
import { plainObject } from '../schema.js';

/** Options and functions that a scenario file exports. */
export interface Script {
  readonly options: unknown;
  /** Names of the exported functions. */
  readonly functions: readonly string[];
}

/**
 * Evaluates a scenario once, for its options and exports. `evaluate` comes from `compile`, with an API that records
 * nothing; `placeOf` finds the user's line in an error. Throws a UserError where the top of the file throws, or
 * exports options under a name like `option`.
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
    const message = messageOf(error);
    throw scriptError(
      placeOf(error),
      message + missingImport(message),
      'the top of the scenario file threw this, before any load',
    );
  }
  refuseMisnamed(exports);
  const functions = Object.keys(exports).filter((name) => typeof exports[name] === 'function');
  return { options: exports.options, functions };
}

/** Options that tell an object of options from any other. */
const TELLING = ['vus', 'duration', 'iterations', 'stages', 'scenarios', 'thresholds'];

/** Refuses options under a name that nothing reads. Without any, the file would run one iteration. */
function refuseMisnamed(exports: Readonly<Record<string, unknown>>): void {
  if (exports.options !== undefined) return;
  for (const [name, value] of Object.entries(exports)) {
    const fields = Object.keys(plainObject(value) ?? {});
    if (didYouMean(name, ['options', 'opts']) === '' || !TELLING.some((each) => fields.includes(each))) continue;
    throw configError(
      `export ${name}`,
      `these look like the options of the scenario (${fields.join(', ')}), which are exported as "options"`,
      'rename it: export const options = { … }',
    );
  }
}
