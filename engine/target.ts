import { type Found, preflight } from './client/preflight.js';
import type { Clock } from './clock.js';
import { ExitCode, UserError } from './errors.js';
import type { Plan } from './script/plan.js';

/** What was said about the server outside of the scenario file. */
export interface TargetSettings {
  readonly baseUrl?: string | undefined;
  readonly model?: string | undefined;
  readonly apiKey?: string | undefined;
  /** Whether to try the server before the load. */
  readonly preflight: boolean;
  /** The environment, for `OPENAI_BASE_URL` and `OPENAI_API_KEY`. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Finds the server under test: flags win over the scenario file, which wins over the environment, for `OPENAI_*` may
 * have been set with another server in mind. Undefined when none was named: a scenario may do without.
 */
export async function findTarget(plan: Plan, settings: TargetSettings, clock: Clock): Promise<Found | undefined> {
  const { env } = settings;
  const baseUrl = settings.baseUrl ?? plan.target.baseUrl ?? (env.OPENAI_BASE_URL || undefined);
  if (baseUrl === undefined) return undefined;
  const apiKey = settings.apiKey ?? plan.target.apiKey ?? (env.OPENAI_API_KEY || undefined);
  const model = settings.model ?? plan.target.model;
  if (settings.preflight) return preflight({ baseUrl, apiKey, model }, clock, plan.target.protocol);
  if (model !== undefined) return { baseUrl, apiKey, model, simulated: false };
  throw new UserError('without the preflight the model has to be named', {
    where: '--no-preflight',
    hint: 'name it with --model or options.model',
    exitCode: ExitCode.invalidConfig,
  });
}
