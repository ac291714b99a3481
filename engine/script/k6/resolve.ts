import type { Plugin } from 'esbuild';
import { adviceOn, K6_MODULES, k6Name } from './modules.js';

/** Imports of k6's modules that a bundle has. */
export interface K6Imports {
  /** Names of the modules found so far. */
  readonly found: Set<string>;
  readonly plugin: Plugin;
}

/** Leaves k6's modules to the VU, and refuses missing ones. */
export function k6Imports(): K6Imports {
  const found = new Set<string>();
  const plugin: Plugin = {
    name: 'k6',
    setup({ onResolve }) {
      onResolve({ filter: /^(?:k6(?:\/|$)|https?:)/ }, ({ path, kind }) => {
        const name = kind === 'entry-point' ? undefined : k6Name(path);
        if (name === undefined) return undefined;
        found.add(name);
        if (K6_MODULES[name]) return { path: name, external: true };
        return { errors: [{ text: `there is no module ${JSON.stringify(name)} here: ${adviceOn(name)}` }] };
      });
    },
  };
  return { found, plugin };
}
