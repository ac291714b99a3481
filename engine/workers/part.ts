import type { Clock } from '../clock.js';
import { type ClosedRun, runClosed } from '../executors/closed.js';
import { nth, portion, type Share } from '../executors/share.js';
import type { ScenarioProgress } from '../metrics/delta.js';
import type { ScenarioPlan } from '../script/plan.js';
import { INSTANCE } from '../vu/thread.js';
import type { Vu } from '../vu/vu.js';

/** VUs are made in slices of this length, in milliseconds, so that the thread goes on answering. */
const SLICE = 20;

/** One scenario's part in one worker: the VUs that it has there. */
export interface Part {
  readonly plan: ScenarioPlan;
  /** By the VU's number in its scenario, from 0. */
  readonly vus: ReadonlyMap<number, Vu>;
}

/** Makes a worker's VUs of every scenario, before the load starts. */
export async function makeParts(
  scenarios: readonly ScenarioPlan[],
  share: Share,
  clock: Clock,
  make: (scenario: ScenarioPlan, index: number) => Vu,
): Promise<Part[]> {
  const parts: Part[] = [];
  let sliceEndsAt = clock.now() + SLICE;
  for (const plan of scenarios) {
    const vus = new Map<number, Vu>();
    for (let n = 0; n < portion(share, plan.load.maxVus); n += 1) {
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

/** A part that is running. */
export interface RunningPart {
  readonly run: ClosedRun;
  readonly progress: () => ScenarioProgress;
}

/** Starts a part. `data` gives what `setup` returned, as a fresh copy; `instance` has the counts of the process. */
export function startPart(
  { plan, vus }: Part,
  share: Share,
  clock: Clock,
  startAt: number,
  instance: Int32Array,
  data: () => unknown,
): RunningPart {
  let iterations = 0;
  let interrupted = 0;
  let ended = false;
  const run = runClosed(plan.load, share, clock, startAt + plan.startTime, {
    async iterate(index, iteration) {
      const active = Atomics.add(instance, INSTANCE.vusActive, 1) + 1;
      if (active > Atomics.load(instance, INSTANCE.vusPeak)) Atomics.store(instance, INSTANCE.vusPeak, active);
      const end = await vus.get(index)?.iterate(iteration, data);
      Atomics.sub(instance, INSTANCE.vusActive, 1);
      if (end === 'interrupted') interrupted += 1;
      else iterations += 1;
    },
    interrupt: (index) => vus.get(index)?.interrupt(),
  });
  void run.ended.then(() => {
    ended = true;
  });
  const progress = () => ({ scenario: plan.name, activeVus: run.active, iterations, interrupted, ended });
  return { run, progress };
}
