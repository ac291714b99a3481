import { ClosedLoop } from '../../executors/closed.js';
import { OpenLoop } from '../../executors/open.js';
import type { Share } from '../../executors/share.js';
import type { LoadRun, OpenVuPool } from '../../executors/vu-pool.js';
import type { ScenarioProgress } from '../../metrics/delta.js';
import type { ScenarioPlan } from '../../options/plan.js';
import { combineSeeds } from '../../random.js';
import { recordDropped } from '../../vu/iteration-lateness.js';
import { INSTANCE, type Thread } from '../../vu/thread-context.js';
import type { Vu } from '../../vu/vu.js';
import { Interrupted } from '../../vu/vu-state.js';
import type { ScenarioPart } from './scenario-part.js';

/** Dependencies of the runners of a worker. */
export interface RunnerContext {
  readonly thread: Thread;
  readonly share: Share;
  readonly startAt: number;
  /** Fresh copy of the result of `setup`. */
  readonly data: () => unknown;
  /** Creates one more VU and sets it up. Undefined on failure, or where the load has ended meanwhile. */
  readonly make: (scenario: ScenarioPlan, index: number, leaving: AbortSignal) => Promise<Vu | undefined>;
}

/** Runs one scenario in one worker. It may wait for another scenario to end. */
export class ScenarioRunner implements OpenVuPool {
  readonly scenario: string;
  /** Resolves when every iteration has ended. */
  readonly ended: Promise<void>;
  readonly #plan: ScenarioPlan;
  readonly #vus: Map<number, Vu>;
  readonly #context: RunnerContext;
  readonly #leaving = new AbortController();
  #making: Promise<unknown> = Promise.resolve();
  #counts = { iterations: 0, interrupted: 0, dropped: 0 };
  #loop: LoadRun | undefined;
  #paused = false;
  #manualVus: number | undefined;
  #isOver = false;
  #resolve: () => void = () => undefined;

  /** Starts the scenario. One that follows another waits for its start message. */
  constructor({ plan, vus }: ScenarioPart, context: RunnerContext) {
    this.scenario = plan.name;
    this.#plan = plan;
    this.#vus = vus;
    this.#context = context;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    if (!plan.startAfter) this.begin(plan.startTime);
  }

  /** Begins its load, `startTime` milliseconds after the start of the load. */
  begin(startTime: number): void {
    if (this.#loop || this.#isOver) return;
    const { thread, share, startAt } = this.#context;
    const { load, name } = this.#plan;
    thread.starts.set(name, startTime);
    const at = startAt + startTime;
    const loop =
      load.kind === 'open'
        ? new OpenLoop(load, share, combineSeeds(thread.seed, name), thread.clock, at, this)
        : new ClosedLoop(load, share, thread.clock, at, this);
    this.#loop = loop;
    if (this.#paused) loop.pause();
    if (this.#manualVus !== undefined) this.scale(this.#manualVus);
    void loop.ended.then(async () => {
      this.#leaving.abort(new Interrupted('the load has ended'));
      await this.#making;
      this.#finish();
    });
  }

  pause(): void {
    this.#paused = true;
    this.#loop?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#loop?.resume();
  }

  /** Sets the VU count of a closed scenario, over all workers. */
  scale(vus: number): void {
    this.#manualVus = vus;
    this.#loop?.scale?.(vus);
  }

  /** Starts no further iteration. */
  drain(): void {
    if (this.#loop) this.#loop.drain();
    else this.#finish();
  }

  /** Interrupts everything now. */
  abort(): void {
    if (this.#loop) this.#loop.abort();
    else this.#finish();
  }

  progress(): ScenarioProgress {
    const { iterations, interrupted, dropped } = this.#counts;
    return {
      scenario: this.scenario,
      activeVus: this.#loop?.active ?? 0,
      initializedVus: this.#vus.size,
      iterations,
      interrupted,
      dropped,
      ended: this.#isOver,
    };
  }

  async iterate(index: number, iterationInTest: number, dueAt: number | undefined): Promise<void> {
    const { thread, data } = this.#context;
    const { instance } = thread;
    const active = Atomics.add(instance, INSTANCE.vusActive, 1) + 1;
    if (active > Atomics.load(instance, INSTANCE.vusPeak)) Atomics.store(instance, INSTANCE.vusPeak, active);
    const end = await this.#vus.get(index)?.iterate({ iterationInTest, dueAt }, data);
    Atomics.sub(instance, INSTANCE.vusActive, 1);
    if (end === 'interrupted') this.#counts.interrupted += 1;
    else this.#counts.iterations += 1;
  }

  interrupt(index: number): void {
    this.#vus.get(index)?.interrupt();
  }

  drop(count: number, dueAt: number): void {
    this.#counts.dropped += count;
    const { clock, recorder } = this.#context.thread;
    const at = clock.now();
    const open = this.#plan.load.kind === 'open';
    if (recorder) recordDropped(recorder, { scenario: this.scenario, at, lateness: at - dueAt, open }, count);
  }

  make(index: number): Promise<boolean> {
    const made = this.#context.make(this.#plan, index, this.#leaving.signal).then((vu) => {
      if (vu) this.#vus.set(index, vu);
      return vu !== undefined;
    });
    this.#making = Promise.all([this.#making, made]);
    return made;
  }

  exhausted(): void {
    const { recorder, clock } = this.#context.thread;
    recorder?.counter('flow_exhausted', { scenario: this.scenario }, recorder.phaseAt(clock.now())).add(1);
    recorder?.warn(
      `insufficient VUs: scenario ${this.scenario} has made all of its ${this.#plan.load.maxVus} VUs, none is free, and ` +
        'iterations are dropped; raise maxVUs or lower the rate',
    );
  }

  #finish(): void {
    this.#isOver = true;
    this.#resolve();
  }
}
