import type { SearchRange } from './vary.js';

/** Level that was run, and its result. */
export interface TriedLevel {
  readonly level: number;
  readonly met: boolean;
}

/** Purpose of a run. Find bounds, narrow them, confirm a result, or decide a contradiction. */
export type Purpose = 'bracket' | 'bisect' | 'confirm' | 'decide';

/** Result of a search. */
export interface SearchResult {
  /**
   * `within`: between the highest passing level and the lowest failing one. `below`: not even the lowest level passes;
   * `above`: the highest allowed level passes.
   */
  readonly kind: 'within' | 'below' | 'above';
  /** Highest passing level below all failing ones. */
  readonly passing: number | undefined;
  /** Lowest failing level. */
  readonly failing: number | undefined;
  /** Levels that pass although a lower one fails. Load alone cannot explain these. */
  readonly violations: readonly number[];
  /** Levels with contradictory runs. */
  readonly mixed: readonly number[];
}

/** Next step of a search. */
export type Step =
  | { readonly kind: 'run'; readonly level: number; readonly purpose: Purpose }
  | { readonly kind: 'found'; readonly found: SearchResult };

interface Tally {
  readonly level: number;
  readonly runs: number;
  /** Passing runs minus failing ones. */
  readonly score: number;
}

/**
 * Next level to run. Doubled until one fails, then bisected until the bounds are within `precision` of each other;
 * finally both once more. The majority of a level's runs decides, two alike or the best of three, so that one outlier
 * cannot.
 */
export function nextStep(tried: readonly TriedLevel[], range: SearchRange, precision: number): Step {
  const levels = tally(tried);
  const open = levels.find(({ score }) => score === 0);
  if (open) return run(open.level, 'decide');
  const failing = levels.find(({ score }) => score < 0);
  const met = levels.filter(({ score }) => score > 0);
  const violations = met.filter(({ level }) => failing && level > failing.level).map(({ level }) => level);
  // Before a passing higher level is dismissed, the lower one has to fail again.
  if (failing && violations.length > 0 && !isSure(failing)) return run(failing.level, 'confirm');
  const passing = met.filter(({ level }) => !failing || level < failing.level).at(-1);
  const mixed = levels.filter(({ runs, score }) => Math.abs(score) < runs).map(({ level }) => level);
  const found = (kind: SearchResult['kind']): Step => ({
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

/** Number of borders between passing and failing that an estimate goes through. */
const BORDERS = 64;

/** Least and most further runs of a search. They depend on where its border is; contradictions take more. */
export function runsLeft(
  tried: readonly TriedLevel[],
  range: SearchRange,
  precision: number,
): { readonly least: number; readonly most: number } {
  const { passing = 0, failing = Number.POSITIVE_INFINITY } = boundsOf(tally(tried));
  const all = Array.from({ length: BORDERS }, (_, i) => range.low * (range.high / range.low) ** (i / (BORDERS - 1)));
  const borders = [0, ...all, range.high].filter((border) => border >= passing && border < failing);
  const counts = (borders.length > 0 ? borders : [passing]).map((border) => {
    const runs = [...tried];
    for (;;) {
      const step = nextStep(runs, range, precision);
      if (step.kind === 'found') return runs.length - tried.length;
      runs.push({ level: step.level, met: step.level <= border });
    }
  });
  return { least: Math.min(...counts), most: Math.max(...counts) };
}

/** Highest passing level and lowest failing one. */
function boundsOf(levels: readonly Tally[]): { readonly passing?: number; readonly failing?: number } {
  const failing = levels.find(({ score }) => score < 0)?.level;
  const passing = levels.filter(({ level, score }) => score > 0 && !(failing && level > failing)).at(-1)?.level;
  return { ...(passing !== undefined && { passing }), ...(failing !== undefined && { failing }) };
}

/** Results by level, lowest first. */
function tally(tried: readonly TriedLevel[]): readonly Tally[] {
  const levels = [...new Set(tried.map(({ level }) => level))].sort((a, b) => a - b);
  return levels.map((level) => {
    const runs = tried.filter((each) => each.level === level);
    return { level, runs: runs.length, score: runs.reduce((sum, { met }) => sum + (met ? 1 : -1), 0) };
  });
}

function isSure({ runs, score }: Tally): boolean {
  return Math.abs(score) >= 2 || runs >= 3;
}

/** Number rounded to a level; decimal steps are not exact in binary. */
function onStep(value: number, { step }: SearchRange): number {
  return Number((Math.floor(value / step + 1e-9) * step).toFixed(12));
}

function run(level: number, purpose: Purpose): Step {
  return { kind: 'run', level, purpose };
}
