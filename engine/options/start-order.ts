import type { Load } from '../executors/load.js';
import type { Problem } from './scenario-options.js';

/** Scenario to follow, and the pause after its end in milliseconds. */
export interface FollowedStart {
  readonly scenario: string;
  readonly pause: number;
}

/** Reports scenarios that follow an unknown one, or themselves. Directly or indirectly. */
export function checkOrder(after: ReadonlyMap<string, string | undefined>, problems: Problem[]): void {
  for (const [name, other] of after) {
    if (other === undefined) continue;
    const where = `scenarios.${name}.startAfter`;
    const circle = circleFrom(name, after);
    if (!after.has(other)) {
      problems.push({ where, message: `no scenario is called ${other}; there are: ${[...after.keys()].join(', ')}` });
    } else if (other === name) {
      problems.push({ where, message: 'a scenario cannot start after itself' });
    } else if (circle) {
      problems.push({ where, message: `is circular: ${circle.join(' after ')}` });
    }
  }
}

/** Cycle of a scenario's start order; undefined where there is none. */
function circleFrom(name: string, after: ReadonlyMap<string, string | undefined>): string[] | undefined {
  const path = [name];
  for (let next = after.get(name); next !== undefined && path.length <= after.size; next = after.get(next)) {
    path.push(next);
    if (next === name) return path;
  }
  return undefined;
}

interface Startable {
  readonly name: string;
  readonly startTime: number;
  readonly startAfter?: FollowedStart;
  readonly load: Load;
}

/**
 * Sets the latest start time of each scenario that follows another. That is when the other has used all of its time and
 * all of its grace. Their order must be valid.
 */
export function placeFollowers<Scenario extends Startable>(scenarios: readonly Scenario[]): Scenario[] {
  const byName = new Map(scenarios.map((scenario) => [scenario.name, scenario]));
  const latestStart = ({ startTime, startAfter }: Startable): number => {
    const before = startAfter && byName.get(startAfter.scenario);
    if (!before) return startTime;
    return latestStart(before) + before.load.duration + before.load.gracefulStop + startAfter.pause;
  };
  return scenarios.map((scenario) => ({ ...scenario, startTime: latestStart(scenario) }));
}
