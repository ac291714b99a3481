import type { Clock } from '../../clock.js';
import { plannedVus } from '../../executors/load.js';
import { nth, portion, type Share } from '../../executors/share.js';
import type { Plan, ScenarioPlan } from '../../options/plan.js';
import type { Vu } from '../../vu/vu.js';

/** Slice of VU creation, in milliseconds. It keeps the thread responsive. */
const SLICE = 20;

/** One scenario in one worker: its VUs there. */
export interface ScenarioPart {
  readonly plan: ScenarioPlan;
  /** VUs by their number in the scenario, from 0. */
  readonly vus: Map<number, Vu>;
}

/** Makes a worker's planned VUs of every scenario, before the load starts. */
export async function makeParts(
  scenarios: readonly ScenarioPlan[],
  share: Share,
  clock: Clock,
  make: (scenario: ScenarioPlan, index: number) => Vu,
): Promise<ScenarioPart[]> {
  const parts: ScenarioPart[] = [];
  let sliceEndsAt = clock.now() + SLICE;
  for (const plan of scenarios) {
    const vus = new Map<number, Vu>();
    for (let n = 0; n < portion(share, plannedVus(plan.load)); n += 1) {
      const index = nth(share, n);
      vus.set(index, make(plan, index));
      if (clock.now() < sliceEndsAt) continue;
      await clock.breathe();
      sliceEndsAt = clock.now() + SLICE;
    }
    parts.push({ plan, vus });
  }
  return parts;
}

/** Number of a VU in the whole test, from 1. VUs added by hand come after all planned ones. */
export function vuNumber({ scenarios, vus }: Plan, scenario: ScenarioPlan, index: number): number {
  const { firstVu, load } = scenario;
  if (index < load.maxVus) return firstVu + index + 1;
  return vus + (index - load.maxVus) * scenarios.length + scenarios.indexOf(scenario) + 1;
}
