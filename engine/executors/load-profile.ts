import type { ClosedLoad, Load, OpenLoad } from './load.js';

/** Vertex of a line: `at` is milliseconds. `level` is users or iterations per second. */
interface ProfilePoint {
  readonly at: number;
  readonly level: number;
}

/** Planned load over time. */
export interface LoadProfile {
  readonly unit: 'VUs' | 'iterations/s';
  /** Ascending in time, joined by straight lines. Two at one instant are a jump. */
  readonly points: readonly ProfilePoint[];
}

/** Profile of a load whose scenario starts at `startTime`. Loads that count iterations may end sooner. */
export function profileOf(load: Load, startTime: number): LoadProfile {
  return load.kind === 'open' ? profileOfRate(load, startTime) : profileOfUsers(load, startTime);
}

function profileOfRate({ legs, timeUnit }: OpenLoad, startTime: number): LoadProfile {
  const perSecond = (rate: number) => (rate * 1000) / timeUnit;
  let at = startTime;
  const points = legs.flatMap(({ duration, from, to }) => {
    const begin = at;
    at += duration;
    return [
      { at: begin, level: perSecond(from) },
      { at, level: perSecond(to) },
    ];
  });
  return { unit: 'iterations/s', points };
}

function profileOfUsers(load: ClosedLoad, startTime: number): LoadProfile {
  const points: ProfilePoint[] = [];
  let level: number | undefined;
  for (const { at, vus } of load.steps) {
    if (at > load.duration) break;
    if (level !== undefined) points.push({ at: startTime + at, level });
    points.push({ at: startTime + at, level: vus });
    level = vus;
  }
  points.push({ at: startTime + load.duration, level: level ?? 0 });
  return { unit: 'VUs', points };
}

/** All the profiles of one unit as one. Before its first and after its last point a profile adds nothing. */
export function sumProfiles(profiles: readonly LoadProfile[], unit: LoadProfile['unit']): LoadProfile {
  const lines = profiles.filter((profile) => profile.unit === unit).map(({ points }) => points);
  const instants = [...new Set(lines.flatMap((points) => points.map(({ at }) => at)))].sort((a, b) => a - b);
  const readers = lines.map(readLevels);
  const points = instants.flatMap((at) => {
    const levels = readers.map((read) => read(at));
    const sum = (side: 'before' | 'after') => levels.reduce((total, level) => total + level[side], 0);
    return [
      { at, level: sum('before') },
      { at, level: sum('after') },
    ];
  });
  return { unit, points };
}

/** Levels of a line just before ascending instants; 0 outside of it. */
export function levelsAt({ points }: LoadProfile, instants: readonly number[]): number[] {
  const read = readLevels(points);
  return instants.map((at) => read(at).before);
}

/** Reads a line at ascending instants: levels just before and from each. */
function readLevels(points: readonly ProfilePoint[]): (at: number) => { before: number; after: number } {
  let next = 0;
  return (at) => {
    while ((points[next]?.at ?? at) < at) next += 1;
    const [left, right] = [points[next - 1], points[next]];
    const before = left && right ? levelBetween(left, right, at) : 0;
    let after = before;
    for (; points[next]?.at === at; next += 1) after = points[next]?.level ?? 0;
    return { before, after: next < points.length ? after : 0 };
  };
}

function levelBetween(left: ProfilePoint, right: ProfilePoint, at: number): number {
  return left.level + ((right.level - left.level) * (at - left.at)) / (right.at - left.at);
}
