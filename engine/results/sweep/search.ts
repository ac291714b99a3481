import type { SearchRange } from './vary.js';

/** A level that was run, and whether it met the objectives. */
export interface Tried {
  readonly level: number;
  readonly met: boolean;
}

/** Why a level is run: to find bounds, to narrow them, to see the same again, or because its runs contradict one another. */
export type Purpose = 'bracket' | 'bisect' | 'confirm' | 'decide';

/** What a search has found. */
export interface Found {
  /**
   * `within`: between the highest level that meets the objectives and the lowest that does not; `below`: not even the lowest
   * level meets them; `above`: the highest level that may be tried meets them.
   */
  readonly kind: 'within' | 'below' | 'above';
  /** The highest level that meets them below all that do not. */
  readonly passing: number | undefined;
  /** The lowest level that does not. */
  readonly failing: number | undefined;
  /** Levels that meet them although a lower one does not, which a load alone cannot explain. */
  readonly violations: readonly number[];
  /** Levels of which some runs met them and others did not. */
  readonly mixed: readonly number[];
}

/** What to do next. */
export type Step =
  | { readonly kind: 'run'; readonly level: number; readonly purpose: Purpose }
  | { readonly kind: 'found'; readonly found: Found };

interface Tally {
  readonly level: number;
  readonly runs: number;
  /** Runs that met the objectives less those that did not. */
  readonly score: number;
}

/**
 * The next level to run: doubled until one fails, then the middle between the highest that passes and the lowest that fails,
 * until they are no further apart than `precision` of the former; at last both once more. The majority of a level's runs
 * counts, two alike or the best of three, so that one hiccup cannot decide.
 */
export function nextStep(tried: readonly Tried[], range: SearchRange, precision: number): Step {
  const levels = tally(tried);
  const open = levels.find(({ score }) => score === 0);
  if (open) return run(open.level, 'decide');
  const failing = levels.find(({ score }) => score < 0);
  const met = levels.filter(({ score }) => score > 0);
  const violations = met.filter(({ level }) => failing && level > failing.level).map(({ level }) => level);
  // Before a higher level is disbelieved, the lower one has to fail again.
  if (failing && violations.length > 0 && !isSure(failing)) return run(failing.level, 'confirm');
  const passing = met.filter(({ level }) => !failing || level < failing.level).at(-1);
  const mixed = levels.filter(({ runs, score }) => Math.abs(score) < runs).map(({ level }) => level);
  const found = (kind: Found['kind']): Step => ({
    kind: 'found',
    found: { kind, passing: passing?.level, failing: failing?.level, violations, mixed },
  });
  if (!passing) {
    if (!failing) return run(range.low, 'bracket');
    return isSure(failing) ? found('below') : run(failing.level, 'confirm');
  }
  if (!failing) {
    if (passing.level < range.high) return run(Math.min(range.high, onStep(2 * passing.level, range)), 'bracket');
    return isSure(passing) ? found('above') : run(passing.level, 'confirm');
  }
  const middle = onStep((passing.level + failing.level) / 2, range);
  const isBetween = passing.level < middle && middle < failing.level;
  if (isBetween && failing.level - passing.level > precision * passing.level) return run(middle, 'bisect');
  if (!isSure(passing)) return run(passing.level, 'confirm');
  return isSure(failing) ? found('within') : run(failing.level, 'confirm');
}

/** The runs of each level, the lowest first. */
function tally(tried: readonly Tried[]): readonly Tally[] {
  const levels = [...new Set(tried.map(({ level }) => level))].sort((a, b) => a - b);
  return levels.map((level) => {
    const runs = tried.filter((each) => each.level === level);
    return { level, runs: runs.length, score: runs.reduce((sum, { met }) => sum + (met ? 1 : -1), 0) };
  });
}

function isSure({ runs, score }: Tally): boolean {
  return Math.abs(score) >= 2 || runs >= 3;
}

/** The level next to a number; a multiple of a decimal step is none in binary. */
function onStep(value: number, { step }: SearchRange): number {
  return Number((Math.floor(value / step + 1e-9) * step).toFixed(12));
}

function run(level: number, purpose: Purpose): Step {
  return { kind: 'run', level, purpose };
}
