import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/**
 * Loads a package on first use. Most runs do without, and every thread would spend a tenth of a second on what it never
 * calls.
 */
export function lazily<Package>(name: string): () => Package {
  let loaded: Package | undefined;
  return () => {
    loaded ??= load(name) as Package;
    return loaded;
  };
}
