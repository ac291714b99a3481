import { type Found, preflight } from './client/preflight.js';
import { parseTarget } from './client/target.js';
import type { Clock } from './clock.js';
import { ExitCode, UserError } from './errors.js';
import type { PlannedTarget } from './script/plan.js';

/** Finds the server under test. Undefined when none was named: a scenario may do without. */
export async function findTarget(planned: PlannedTarget, clock: Clock): Promise<Found | undefined> {
  const { baseUrl, apiKey, model, places } = planned;
  if (baseUrl === undefined) return undefined;
  checkAddress(baseUrl, places.baseUrl);
  if (planned.preflight) return preflight({ baseUrl, apiKey, model }, clock);
  if (model !== undefined) return { baseUrl, apiKey, model, simulated: false };
  throw new UserError('without the preflight the model has to be named', {
    where: places.preflight,
    hint: 'name it with --model or options.model',
    exitCode: ExitCode.invalidConfig,
  });
}

/** Throws the error of an address that is none, by the place where the user wrote it. */
export function checkAddress(baseUrl: string, where: string): void {
  try {
    parseTarget({ baseUrl, model: '' });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, hint, exitCode } = error;
    throw new UserError(message, { where, hint, exitCode });
  }
}
