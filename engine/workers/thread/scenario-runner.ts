import type { Clock } from '../../clock.js';
import { runClosed } from '../../executors/closed.js';
import { plannedVus } from '../../executors/load.js';
import { runOpen } from '../../executors/open.js';
import { nth, portion, type Share } from '../../executors/share.js';
import type { LoadRun, OpenCrew } from '../../executors/vu-pool.js';
import type { ScenarioProgress } from '../../metrics/delta.js';
import type { Plan, ScenarioPlan } from '../../options/plan.js';
import { combineSeeds } from '../../random.js';
import { noteDropped } from '../../vu/iteration-lateness.js';
import { INSTANCE, type Thread } from '../../vu/thread-context.js';
import type { Vu } from '../../vu/vu.js';
import { Interrupted } from '../../vu/vu-state.js';

/** Slice length of VU creation, in milliseconds, so that the thread stays responsive. */
const SLICE = 20;

/** Part of one scenario in one worker: its VUs there. */
export interface Part {
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
): Promise<Part[]> {
  const parts: Part[] = [];
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

/** Part that is running, or waits for another scenario to end. */
export interface RunningPart {
  readonly scenario: string;
  /** Resolves when every iteration has ended. */
  readonly ended: Promise<void>;
  /** Starts it, `startTime` milliseconds after the start of the load. */
  begin(startTime: number): void;
  pause(): void;
  resume(): void;
  /** Sets the VU count of a closed scenario from now on, in all workers together. */
  scale(vus: number): void;
  /** Starts no further iteration. */
  drain(): void;
  /** Interrupts everything now. */
  abort(): void;
  progress(): ScenarioProgress;
}

/** Dependencies of a part. */
export interface Surroundings {
  readonly thread: Thread;
  readonly share: Share;
  readonly startAt: number;
  /** Fresh copy of the result of `setup`. */
  readonly data: () => unknown;
  /** Makes one more VU and sets it up; undefined on failure, or where the load has ended meanwhile. */
  readonly make: (scenario: ScenarioPlan, index: number, leaving: AbortSignal) => Promise<Vu | undefined>;
}

/** Starts a part; one that starts after another scenario waits until it is told to begin. */
export function startPart({ plan, vus }: Part, { thread, share, startAt, data, make }: Surroundings): RunningPart {
  const { name: scenario, load } = plan;
  const { clock, instance } = thread;
  const open = load.kind === 'open';
  const leaving = new AbortController();
  let making: Promise<unknown> = Promise.resolve();
  let iterations = 0;
  let interrupted = 0;
  let dropped = 0;
  let run: LoadRun | undefined;
  let paused = false;
  let byHand: number | undefined;
  let isOver = false;
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = () => {
      isOver = true;
      resolve();
    };
  });

  const crew: OpenCrew = {
    async iterate(index, iterationInTest, dueAt) {
      const active = Atomics.add(instance, INSTANCE.vusActive, 1) + 1;
      if (active > Atomics.load(instance, INSTANCE.vusPeak)) Atomics.store(instance, INSTANCE.vusPeak, active);
      const end = await vus.get(index)?.iterate({ iterationInTest, dueAt }, data);
      Atomics.sub(instance, INSTANCE.vusActive, 1);
      if (end === 'interrupted') interrupted += 1;
      else iterations += 1;
    },
    interrupt: (index) => vus.get(index)?.interrupt(),
    drop(count, dueAt) {
      dropped += count;
      const at = clock.now();
      if (thread.recorder) noteDropped(thread.recorder, { scenario, at, lateness: at - dueAt, open }, count);
    },
    make(index) {
      const made = make(plan, index, leaving.signal).then((vu) => {
        if (vu) vus.set(index, vu);
        return vu !== undefined;
      });
      making = Promise.all([making, made]);
      return made;
    },
    exhausted() {
      thread.recorder?.warn(
        `insufficient VUs: scenario ${scenario} has made all of its ${load.maxVus} VUs, none is free, and iterations ` +
          'are dropped; raise maxVUs, or ask for a lower rate',
      );
    },
  };

  const begin = (startTime: number) => {
    if (run || isOver) return;
    thread.starts.set(scenario, startTime);
    run = open
      ? runOpen(load, share, combineSeeds(thread.seed, scenario), clock, startAt + startTime, crew)
      : runClosed(load, share, clock, startAt + startTime, crew);
    if (paused) run.pause();
    if (byHand !== undefined) run.scale?.(byHand);
    void run.ended.then(async () => {
      leaving.abort(new Interrupted('the load has ended'));
      await making;
      finish();
    });
  };
  if (!plan.startAfter) begin(plan.startTime);

  return {
    scenario,
    ended,
    begin,
    pause() {
      paused = true;
      run?.pause();
    },
    resume() {
      paused = false;
      run?.resume();
    },
    scale(vus) {
      byHand = vus;
      run?.scale?.(vus);
    },
    drain: () => (run ? run.drain() : finish()),
    abort: () => (run ? run.abort() : finish()),
    progress: () => {
      const activeVus = run?.active ?? 0;
      return { scenario, activeVus, initializedVus: vus.size, iterations, interrupted, dropped, ended: isOver };
    },
  };
}
