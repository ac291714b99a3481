import type { Environment } from '../engine/options/env-options.js';

/** Name under which the program was started. `npx tokenswarm` by way of npx, as in a checkout. */
export function ownName(env: Environment): string {
  return env.npm_command === 'exec' ? 'npx tokenswarm' : 'tokenswarm';
}
