import type { Level, LevelRun } from '../../engine/results/sweep/level.js';
import { percent } from '../format.js';
import { hasSessions } from './level-columns.js';

/** Difference of two runs' shares above which their work is unequal. */
const UNEQUAL = 0.1;

const REMEDY = 'cacheSalt in the scenario, -e SALT=yes in the suites, makes every prompt new';

/** Caveat about the prefix cache of a server. Undefined where it did not make the levels' work unequal. */
export function cacheText(levels: readonly Level[], axis: string): string | undefined {
  // What agents leave of it is what their levels are compared by.
  if (levels.some(hasSessions)) return undefined;
  const runs = levels.flatMap((level) => level.runs);
  const known = runs.filter(({ prefixHitRate }) => prefixHitRate !== undefined).sort((a, b) => shareOf(a) - shareOf(b));
  const [least, most] = [known[0], known.at(-1)];
  if (!least || !most) return unknownText(runs);
  if (shareOf(most) - shareOf(least) <= UNEQUAL) return undefined;
  const at = (run: LevelRun) => `${percent(shareOf(run))} of the prompts' tokens at ${axis}=${run.values[axis]}`;
  return `The server's prefix cache had ${at(least)} and ${at(most)}, which makes the latter faster: ${REMEDY}.`;
}

function shareOf({ prefixHitRate = 0 }: LevelRun): number {
  return prefixHitRate;
}

function unknownText(runs: readonly LevelRun[]): string | undefined {
  if (runs.length < 2 || !runs.every(({ samePrompts, simulated }) => samePrompts && !simulated)) return undefined;
  return `All runs sent the same prompts, and the server does not report on its prefix cache: if it has one, later runs are faster; ${REMEDY}.`;
}
