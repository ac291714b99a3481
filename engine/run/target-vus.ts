import type { ScenarioPlan } from '../options/plan.js';
import type { Timeline } from '../options/timeline.js';

/**
 * Target VU count of a closed scenario at a given time. The time is in milliseconds since the start of the load. The
 * count follows the plan, or was set by hand. Null where the scenario is not running, and where VUs follow from
 * arrivals.
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
