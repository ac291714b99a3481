import type { Api } from '../../../engine/api/index.js';
import { UserError } from '../../../engine/errors.js';
import { type Bundle, bundle } from '../../../engine/script/bundle.js';
import { compile, type Globals } from '../../../engine/script/evaluate.js';
import { load, type Script } from '../../../engine/script/script-exports.js';
import { placeOf } from '../../../engine/vu/script-error.js';

/** The exports of one evaluation, whose functions take and give anything. */
type Exports = Record<string, (...values: readonly unknown[]) => unknown>;

/** The API of scenarios that import none of it. */
const NO_API = {} as Api;

const GLOBALS: Globals = { env: {}, vu: 1, iter: 0 };

/** A scenario that can be evaluated as often as one likes. */
export interface Ready {
  readonly bundle: Bundle;
  evaluate(globals?: Partial<Globals>, api?: Api): Exports;
  /** Evaluates it for its options and exports. */
  load(): Script;
}

/** Bundles and compiles a scenario file. The bundle's files go with the process. */
export async function ready(file: string): Promise<Ready> {
  const made = await bundle(file);
  const evaluate = compile(made);
  return {
    bundle: made,
    evaluate: (globals, api = NO_API) => evaluate(api, { ...GLOBALS, ...globals }) as Exports,
    load: () => load(() => evaluate(NO_API, GLOBALS), placeOf),
  };
}

/** The UserError for which a scenario file is refused. */
export async function refusalOf(file: string): Promise<UserError> {
  try {
    (await ready(file)).load();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('the file was not refused');
}
