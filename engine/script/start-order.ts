import type { Load } from '../executors/load.js';
import type { Problem } from './options.js';

/** The scenario after whose end another starts, and the pause between the two in milliseconds. */
export interface FollowedStart {
  readonly scenario: string;
  readonly pause: number;
}

interface Startable {
  readonly name: string;
  readonly startTime: number;
  readonly startAfter?: FollowedStart;
  readonly load: Load;
}

/**
 * Gives each scenario that starts after another the latest time at which that can be: when the other has used all of
 * its time and all of its grace. `names` are those of all scenarios, also of those that could not be read.
 */
export function placeFollowers<Scenario extends Startable>(
  scenarios: readonly Scenario[],
  names: readonly string[],
  problems: Problem[],
): Scenario[] {
  const byName = new Map(scenarios.map((scenario) => [scenario.name, scenario]));
  const latestStart = ({ startTime, startAfter }: Startable, depth = 0): number => {
    const before = startAfter && byName.get(startAfter.scenario);
    // A circle has no start; it has been complained of.
    if (!startAfter || !before || depth > scenarios.length) return startTime;
    return latestStart(before, depth + 1) + before.load.duration + before.load.gracefulStop + startAfter.pause;
  };
  for (const { name, startAfter } of scenarios) {
    if (!startAfter) continue;
    const where = `scenarios.${name}.startAfter`;
    const circle = circleFrom(name, byName);
    if (!names.includes(startAfter.scenario)) {
      const message = `no scenario is called ${startAfter.scenario}; there are: ${names.join(', ')}`;
      problems.push({ where, message });
    } else if (startAfter.scenario === name) {
      problems.push({ where, message: 'a scenario cannot start after itself' });
    } else if (circle) {
      problems.push({ where, message: `goes round in a circle: ${circle.join(' after ')}` });
    }
  }
  return scenarios.map((scenario) => ({ ...scenario, startTime: latestStart(scenario) }));
}

/** The names from a scenario back to itself; undefined where it is in no circle. */
function circleFrom(name: string, byName: ReadonlyMap<string, Startable>): string[] | undefined {
  const path = [name];
  for (let next = byName.get(name)?.startAfter?.scenario; next !== undefined; ) {
    path.push(next);
    if (next === name) return path;
    if (path.length > byName.size + 1) return undefined;
    next = byName.get(next)?.startAfter?.scenario;
  }
  return undefined;
}
