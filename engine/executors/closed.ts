import type { Clock } from '../clock.js';
import { numberOf, ownNumber, pileOf } from './iterations.js';
import type { ClosedLoad, VuStep } from './load.js';
import { LoadLoop } from './load-loop.js';
import { nth, portion, type Share } from './share.js';
import type { VuPool } from './vu-pool.js';

/** One VU of this worker, and what it does now. */
interface Slot {
  readonly vu: number;
  isMade: boolean;
  running: boolean;
  iterations: number;
  /** Due time of its next iteration. Undefined where that only follows its last. */
  dueAt: number | undefined;
  cancelInterrupt: (() => void) | undefined;
}

/**
 * Loop of a worker's share of a closed load from `startAt`. A VU's next iteration starts when its last has ended. A VU
 * that is ramped down may finish its iteration; ramped up again meanwhile it simply continues.
 */
export class ClosedLoop extends LoadLoop<VuPool> {
  readonly #load: ClosedLoad;
  readonly #share: Share;
  readonly #slots: Slot[] = [];
  /** Iterations of this worker, and of each of its VUs. */
  readonly #quota: number;
  readonly #quotaPerVu: number;
  /** Number of leading slots in use. */
  #used = 0;
  #started = 0;
  #active = 0;
  /** Resumers of VUs that wait for the end of a pause. */
  readonly #waiting: (() => void)[] = [];
  /** VU count set by hand, in place of the plan. */
  #manualVus: number | undefined;

  constructor(load: ClosedLoad, { index, count }: Share, clock: Clock, startAt: number, pool: VuPool) {
    super(clock, startAt, load.gracefulStop, pool);
    this.#load = load;
    // Where there are fewer users than workers, the workers without one end at once and get none of those that are added.
    this.#share = { index, count: Math.min(count, load.maxVus) };
    this.#addSlots(load.maxVus);
    this.#quota = pileOf(load, this.#share);
    this.#quotaPerVu = iterationsPerVu(load) ?? Number.POSITIVE_INFINITY;
    if (this.#slots.length === 0 || this.#quota === 0) {
      this.end();
      return;
    }
    this.timers.at(startAt + load.duration, () => this.#timeIsUp());
    this.timers.at(startAt, () => this.#follow(0));
  }

  /** VUs in their loop now, paused ones included. */
  get active(): number {
    return this.#active;
  }

  override resume(): void {
    super.resume();
    this.#wake();
  }

  scale(vus: number): void {
    if (this.draining) return;
    // Users that are not planned have no iterations of their own.
    this.#manualVus = iterationsPerVu(this.#load) === undefined ? vus : Math.min(vus, this.#load.maxVus);
    this.#addSlots(this.#manualVus);
    if (this.clock.now() >= this.startAt) this.#setTarget(this.#manualVus);
  }

  protected stopStarting(): void {
    this.#wake();
  }

  protected interruptAll(): void {
    for (const slot of this.#slots) if (slot.running) this.pool.interrupt(slot.vu);
  }

  #addSlots(vus: number): void {
    const { index, count } = this.#share;
    for (let n = this.#slots.length; index < count && n < portion(this.#share, vus); n += 1) {
      const vu = nth(this.#share, n);
      const isMade = vu < this.#load.maxVus;
      this.#slots.push({ vu, isMade, running: false, iterations: 0, dueAt: undefined, cancelInterrupt: undefined });
    }
  }

  /** Follows the steps of the plan, from number `from` on. */
  #follow(from: number): void {
    if (this.draining) return;
    if (this.#manualVus !== undefined) {
      this.#setTarget(this.#manualVus);
      return;
    }
    const { steps } = this.#load;
    let next = from;
    const isDue = ({ at }: VuStep) => this.startAt + at <= this.clock.now();
    for (let step = steps[next]; step && isDue(step); step = steps[next]) {
      const before = portion(this.#share, steps[next - 1]?.vus ?? 0);
      const coming = this.#slots.slice(before, portion(this.#share, step.vus));
      for (const slot of coming) if (!slot.running) slot.dueAt = this.startAt + step.at;
      next += 1;
    }
    // Of several changes that are due, only the last is still true.
    const reached = steps[next - 1];
    if (reached) this.#setTarget(reached.vus);
    const coming = steps[next];
    if (coming) this.timers.at(this.startAt + coming.at, () => this.#follow(next));
  }

  /** Sets the target VU count over all workers to `vus`. */
  #setTarget(vus: number): void {
    const before = this.#used;
    this.#used = portion(this.#share, vus);
    for (const slot of this.#slots.slice(before, this.#used)) {
      cancelInterrupt(slot);
      if (!slot.running) void this.#iterate(slot);
    }
    for (const slot of this.#slots.slice(this.#used, before)) {
      const at = this.clock.now() + this.#load.gracefulRampDown;
      slot.cancelInterrupt = this.timers.at(at, () => this.pool.interrupt(slot.vu));
    }
    this.#wake();
  }

  /** Runs iterations of a VU for as long as it is wanted. */
  async #iterate(slot: Slot): Promise<void> {
    slot.running = true;
    this.#active += 1;
    if (!slot.isMade) slot.isMade = await this.pool.make(slot.vu);
    while (slot.isMade && slot.vu < nth(this.#share, this.#used) && !this.draining && this.#couldStart(slot)) {
      if (this.paused) {
        slot.dueAt = undefined;
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
        continue;
      }
      const { dueAt } = slot;
      slot.dueAt = undefined;
      await this.pool.iterate(slot.vu, this.#nextIteration(slot), dueAt);
      await this.clock.breathe();
    }
    slot.running = false;
    this.#active -= 1;
    cancelInterrupt(slot);
    // Nothing is left to do when the time is up, or when the iterations are used up and no user may take one.
    if (this.#active > 0) return;
    if (this.draining || this.#slots.every((other) => !this.#couldStart(other))) this.end();
  }

  #couldStart({ iterations }: Slot): boolean {
    return this.#started < this.#quota && iterations < this.#quotaPerVu;
  }

  /** Takes the test-wide number of a VU's next iteration. */
  #nextIteration(slot: Slot): number {
    const number =
      iterationsPerVu(this.#load) === undefined
        ? numberOf(this.#load, this.#share, this.#started)
        : ownNumber(this.#load, slot.vu, slot.iterations);
    this.#started += 1;
    slot.iterations += 1;
    return number;
  }

  /** Wakes VUs that wait for a pause to end. They check their state again. */
  #wake(): void {
    for (const go of this.#waiting.splice(0)) go();
  }

  #timeIsUp(): void {
    const left = this.#quota - this.#started;
    // What is left of the pile when the user has ended the run was not dropped for want of time.
    if (this.#load.iterations && !this.draining && left > 0) this.pool.drop(left, this.startAt + this.#load.duration);
    this.drain();
  }
}

function iterationsPerVu({ iterations }: ClosedLoad): number | undefined {
  return iterations && 'perVu' in iterations ? iterations.perVu : undefined;
}

function cancelInterrupt(slot: Slot): void {
  slot.cancelInterrupt?.();
  slot.cancelInterrupt = undefined;
}
