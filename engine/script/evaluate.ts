import { createRequire } from 'node:module';
import type { Api } from '../api/index.js';
import type { Bundle } from './bundle.js';
import { isK6Module } from './k6/modules.js';

/** Globals of a scenario in one VU. */
export interface Globals {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly vu: number;
  /** Number of the iteration, updated by each. */
  readonly iter: number;
  /** `open`, which the scenario can import as well. */
  readonly open?: Api['open'];
  /** Modules of k6, for its scripts. */
  readonly k6?: { readonly module: (name: string) => unknown } | undefined;
}

type Factory = (
  require: (name: string) => unknown,
  module: { exports: Record<string, unknown> },
  exports: Record<string, unknown>,
  globals: Globals,
) => void;

/**
 * Compiles a bundle once for this thread. The returned function evaluates it for one VU and returns its exports. Throws
 * the errors of the scenario's top level, with lines of the user's file.
 */
export function compile(
  bundle: Pick<Bundle, 'script' | 'packages'>,
): (api: Api, globals: Globals) => Record<string, unknown> {
  process.setSourceMapsEnabled(true);
  const load = createRequire(bundle.script);
  const factory = load(bundle.script) as Factory;
  const packages = bundle.packages ? (load(bundle.packages) as Record<string, () => unknown>) : {};
  return (api, globals) => {
    const require = (name: string) => {
      if (name === 'tokenswarm') return api;
      if (globals.k6 && isK6Module(name)) return globals.k6.module(name);
      return Object.hasOwn(packages, name) ? packages[name]?.() : load(name);
    };
    const module = { exports: {} as Record<string, unknown> };
    factory(require, module, module.exports, globals);
    return module.exports;
  };
}
