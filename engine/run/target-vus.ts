import type { ScenarioPlan } from '../options/plan.js';
import type { Timeline } from '../options/timeline.js';

/**
 * How many users a closed scenario is to have at an instant, in milliseconds since the start of the load: by its plan, or
 * as they were set by hand. Null where it is not running, and where users follow from arrivals.
 */
export function targetVusAt(
  { name, load }: ScenarioPlan,
  timeline: Timeline,
  byHand: number | undefined,
  at: number,
): number | null {
  const start = timeline.startOf(name);
  if (load.kind === 'open' || start === undefined || at < start) return null;
  if (at >= Math.min(start + load.duration, timeline.endOf(name) ?? Number.POSITIVE_INFINITY)) return null;
  return byHand ?? load.steps.findLast((step) => start + step.at <= at)?.vus ?? 0;
}
