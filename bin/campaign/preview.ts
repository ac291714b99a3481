import { formatDuration } from '../../engine/clock.js';
import { configError, UserError } from '../../engine/errors.js';
import type { PlannedRun } from '../../engine/results/sweep/planned-run.js';
import { placeholdersOf } from '../../engine/results/sweep/server-command.js';
import { type Inspection, inspect } from '../../engine/run/inspect.js';
import { type CampaignSetup, settingsOf } from './campaign.js';
import { digest } from './campaign-flags.js';

/** Properties of a campaign's runs, known before the first. */
export interface Preview {
  /** Digest of the scenario's text. */
  readonly script: string;
  /** Mean duration of a run's load, in milliseconds. Undefined where iterations end it. */
  readonly duration: number | undefined;
  readonly inspection: Inspection;
  /** Length of a run's load as text. `up to 11m`, or `25 iterations` where these end it. */
  readonly length: string;
  readonly seed: SeedChoice;
}

/** Seed of a campaign's runs. Given for all, to be drawn once, or given for each run by itself. */
export type SeedChoice = number | 'to be drawn' | 'own';

/**
 * Inspects all runs before the first, so that errors show early. Each must have a plan, and each variable must be used.
 * Throws a UserError.
 */
export async function preview(setup: CampaignSetup, runs: readonly PlannedRun[]): Promise<Preview> {
  const { file, flags } = setup;
  refuseTwice(setup, runs);
  const looks: Awaited<ReturnType<typeof inspect>>[] = [];
  for (const run of runs) {
    looks.push(
      await inspect(file, settingsOf(setup, run), 'command line').catch((error: unknown) => rethrow(error, run)),
    );
  }
  const [look] = looks;
  if (!look) throw new Error('there is no run to look at');
  const named = placeholdersOf(flags.server ?? '');
  for (const name of Object.keys(runs[0]?.values ?? {})) {
    const isRead = new RegExp(`\\b${name}\\b`).test(look.script) || named.includes(name);
    if (!isRead && new Set(looks.map(planText)).size === 1) {
      throw unread(name, file, flags.vary.length === 0);
    }
  }
  const total = looks.reduce((sum, { inspection }) => sum + inspection.duration, 0);
  const counts = looks.map(({ inspection }) => iterationsOf(inspection));
  // Iterations end when they end: their time limit would say nothing.
  const isCounted = counts.every((count) => count !== undefined);
  const duration = isCounted ? undefined : total / looks.length;
  const length = isCounted ? `${range(counts)} iterations` : `up to ${formatDuration(total / looks.length)}`;
  return { script: digest(look.script), duration, inspection: look.inspection, length, seed: seedOf(looks) };
}

/** Error of a variable that changes nothing. */
function unread(name: string, file: string, isDefault: boolean): UserError {
  const what = `nobody reads ${name}: it stands neither in ${file} nor in the command of --server`;
  if (isDefault) {
    return configError('--vary', `${what}; it is searched where no other is named`, 'name another: --vary USERS=1..64');
  }
  return configError(
    '--vary',
    what,
    `read it in the scenario, as __ENV.${name}; to name what is tested, give --label ${name}=…`,
  );
}

function seedOf(looks: readonly { readonly inspection: Inspection }[]): SeedChoice {
  const [seed, ...others] = new Set(looks.map(({ inspection }) => inspection.seed));
  return others.length > 0 ? 'own' : (seed ?? 'to be drawn');
}

/** Number of iterations after which a load ends. Undefined where time ends it. */
function iterationsOf({ scenarios }: Inspection): number | undefined {
  let sum = 0;
  for (const { executor, options } of scenarios) {
    const { iterations, vus } = options as { readonly iterations?: number; readonly vus?: number };
    if (iterations === undefined) return undefined;
    sum += executor === 'per-vu-iterations' ? iterations * (vus ?? 1) : iterations;
  }
  return sum;
}

/** Least and most of some numbers: `12`, or `12 to 96`. */
function range(numbers: readonly number[]): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? String(least) : `${least} to ${most}`;
}

/** A variable of the sweep cannot be given with --env as well. */
function refuseTwice({ flags }: CampaignSetup, [run]: readonly PlannedRun[]): void {
  const twice = Object.keys(flags.given.settings.env ?? {}).find((name) => name in (run?.values ?? {}));
  if (twice !== undefined) throw configError('--vary', `${twice} is given with --env too`, 'give it once');
}

function planText({ inspection }: Awaited<ReturnType<typeof inspect>>): string {
  return JSON.stringify(inspection.scenarios);
}

/** A problem of one value says of which. */
function rethrow(error: unknown, { name }: PlannedRun): never {
  if (!(error instanceof UserError)) throw error;
  const { message, where, hint, exitCode } = error;
  throw new UserError(`${message}\nwith ${name}`, { where, hint, exitCode });
}
