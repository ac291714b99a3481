import type { Clock } from '../clock.js';
import { numberOf, ownNumber, pileOf } from './iterations.js';
import type { Load, VuStep } from './load.js';
import { nth, portion, type Share } from './share.js';

/** What the loop drives: the users of one scenario, known by their number from 0. */
export interface Crew {
  /** Runs one iteration of a user. `iteration` is unique in the whole test. Never rejects. */
  iterate(vu: number, iteration: number): Promise<void>;
  /** Ends the iteration that a user is running, now. */
  interrupt(vu: number): void;
}

/** A scenario's loop in one worker, once it has begun. */
export interface ClosedRun {
  /** Resolves when every iteration has ended. */
  readonly ended: Promise<void>;
  /** Users that are in their loop now. */
  readonly active: number;
  /** Iterations that the scenario's maximum duration left undone. */
  readonly dropped: number;
  /** Starts no further iteration; those that run have `gracefulStop` left. */
  drain(): void;
  /** Interrupts everything now. */
  abort(): void;
}

interface Slot {
  readonly vu: number;
  running: boolean;
  iterations: number;
  cancelInterrupt: (() => void) | undefined;
}

/**
 * Runs this worker's share of a closed load, starting at instant `startAt`: a user's next iteration starts when its
 * last has ended. A user that is ramped down may finish its iteration; ramped up again meanwhile it simply goes on.
 */
export function runClosed(load: Load, share: Share, clock: Clock, startAt: number, crew: Crew): ClosedRun {
  const slots: Slot[] = [];
  for (let n = 0; n < portion(share, load.maxVus); n += 1) {
    slots.push({ vu: nth(share, n), running: false, iterations: 0, cancelInterrupt: undefined });
  }
  const quota = pileOf(load, share);
  const quotaPerVu = load.iterations && 'perVu' in load.iterations ? load.iterations.perVu : Number.POSITIVE_INFINITY;

  /** The first so many slots are wanted. */
  let wanted = 0;
  let started = 0;
  let running = 0;
  let dropped = 0;
  let draining = false;
  const cancels = new Set<() => void>();
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const at = (instant: number, wake: () => void) => {
    const stop = clock.after(instant - clock.now(), () => {
      cancels.delete(cancel);
      wake();
    });
    const cancel = () => {
      cancels.delete(cancel);
      stop();
    };
    cancels.add(cancel);
    return cancel;
  };

  const end = () => {
    for (const cancel of cancels) cancel();
    finish();
  };

  const couldStart = (slot: Slot) => started < quota && slot.iterations < quotaPerVu;
  const isWanted = (slot: Slot) => slot.vu < nth(share, wanted);

  const loop = async (slot: Slot) => {
    slot.running = true;
    running += 1;
    while (isWanted(slot) && !draining && couldStart(slot)) {
      const counted = load.iterations && 'perVu' in load.iterations;
      const iteration = counted ? ownNumber(load, slot.vu, slot.iterations) : numberOf(load, share, started);
      started += 1;
      slot.iterations += 1;
      await crew.iterate(slot.vu, iteration);
      await clock.breathe();
    }
    slot.running = false;
    running -= 1;
    slot.cancelInterrupt?.();
    slot.cancelInterrupt = undefined;
    // Nothing is left to do when the time is up, or when the iterations are used up and no user may take one.
    if (running === 0 && (draining || slots.every((other) => !couldStart(other)))) end();
  };

  /** From now on `vus` users are wanted, over all workers. */
  const want = (vus: number) => {
    const before = wanted;
    wanted = portion(share, vus);
    for (const slot of slots.slice(before, wanted)) {
      slot.cancelInterrupt?.();
      slot.cancelInterrupt = undefined;
      if (!slot.running) void loop(slot);
    }
    for (const slot of slots.slice(wanted, before)) {
      slot.cancelInterrupt = at(clock.now() + load.gracefulRampDown, () => crew.interrupt(slot.vu));
    }
  };

  const drain = () => {
    if (draining) return;
    draining = true;
    if (running === 0) return end();
    at(clock.now() + load.gracefulStop, interruptAll);
  };

  const interruptAll = () => {
    for (const slot of slots) if (slot.running) crew.interrupt(slot.vu);
  };

  const timeIsUp = () => {
    // What is left of the pile when the user has ended the run was not dropped for want of time.
    if (load.iterations && !draining) dropped = quota - started;
    drain();
  };

  const follow = (index: number) => {
    if (draining) return;
    let next = index;
    const isDue = (step: VuStep | undefined) => step !== undefined && startAt + step.at <= clock.now();
    while (isDue(load.steps[next])) next += 1;
    // Of several changes that are due, only the last is still true.
    const reached = load.steps[next - 1];
    if (reached) want(reached.vus);
    const coming = load.steps[next];
    if (coming) at(startAt + coming.at, () => follow(next));
  };

  if (slots.length === 0 || quota === 0) {
    end();
  } else {
    at(startAt + load.duration, timeIsUp);
    at(startAt, () => follow(0));
  }

  return {
    ended,
    get active() {
      return running;
    },
    get dropped() {
      return dropped;
    },
    drain,
    abort() {
      draining = true;
      interruptAll();
      if (running === 0) end();
    },
  };
}
