import type { Load, OpenLoad } from './load.js';

/** A load with the time at which its scenario starts. */
export interface PlacedLoad {
  readonly startTime: number;
  readonly load: Load;
}

/** Half-open time span [from, to), in milliseconds since the load started. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

interface Level {
  /** Milliseconds from the scenario's start. */
  readonly at: number;
  readonly level: number;
}

/**
 * Steady-state window, from the loads' first joint maximum to its end. It is the first of the highest stretches of the
 * same load that are not over at `since`. It begins `warmup` later, and not before `since`. It counts as not left where
 * it is taken up again at once. Empty where there is no load.
 */
export function steadyWindow(loads: readonly PlacedLoad[], warmup = 0, since = 0): Stretch {
  let best: (Stretch & { readonly level: number }) | undefined;
  for (const stretch of stretchesOf(loads)) {
    if (stretch.to > since && stretch.level > (best?.level ?? 0)) best = stretch;
  }
  if (!best) return { from: 0, to: 0 };
  const from = Math.max(best.from + warmup, since);
  return { from, to: Math.max(from, best.to) };
}

/** Remainder of a steady state in progress, after the loads have changed. */
export function remainderOf(steady: Stretch, loads: readonly PlacedLoad[]): Stretch {
  const now = stretchesOf(loads).find(({ from, to }) => from <= steady.from && steady.from < to);
  return { from: steady.from, to: Math.min(steady.to, now?.to ?? steady.from) };
}

/** The whole load over time, cut wherever it changes. */
function stretchesOf(loads: readonly PlacedLoad[]): (Stretch & { readonly level: number })[] {
  const rates = loads.every(({ load }) => load.kind === 'open');
  const changes: { at: number; by: number }[] = [];
  for (const { startTime, load } of loads) {
    let before = 0;
    for (const { at, level } of levelsOf(load, rates)) {
      if (at >= load.duration) break;
      changes.push({ at: startTime + at, by: level - before });
      before = level;
    }
    changes.push({ at: startTime + load.duration, by: -before });
  }
  changes.sort((a, b) => a.at - b.at);
  const stretches: { from: number; to: number; level: number }[] = [];
  let level = 0;
  for (const { at, by } of changes) {
    const last = stretches.at(-1);
    if (last) last.to = at;
    level = rounded(level + by);
    // Of several changes at an instant, and of those that make no difference, nothing is to be seen.
    if (last?.from === at) stretches.pop();
    const former = stretches.at(-1);
    if (former?.level === level) former.to = at;
    else stretches.push({ from: at, to: at, level });
  }
  return stretches;
}

/**
 * Weight of a load at an instant. A closed load counts its users. An open one counts while its rate is flat: the rates
 * where all loads are open; beside users, its planned users in proportion to its highest rate. A trace counts from
 * first to last, at its mean rate.
 */
function levelsOf(load: Load, rates: boolean): readonly Level[] {
  if (load.kind === 'closed') return load.steps.map(({ at, vus }) => ({ at, level: vus }));
  const highest = Math.max(...load.legs.map(({ from, to }) => Math.max(from, to)));
  const unit = rates ? 1000 / load.timeUnit : load.plannedVus / (highest || 1);
  // A trace is never flat, and all of it is what is to be measured.
  if (load.due) return [{ at: 0, level: rates ? meanRate(load) : load.plannedVus }];
  const levels: Level[] = [];
  let at = 0;
  for (const { duration, from, to } of load.legs) {
    levels.push({ at, level: from === to ? from * unit : 0 });
    at += duration;
  }
  return levels;
}

/** Arrivals a second over the whole of a trace. */
function meanRate({ due, duration }: OpenLoad): number {
  return ((due?.length ?? 0) * 1000) / duration;
}

/** Rounds a level, so that added and removed rates cancel exactly. */
function rounded(level: number): number {
  return Math.round(level * 1e6) / 1e6;
}
