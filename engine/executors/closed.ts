import type { Clock } from '../clock.js';
import { numberOf, ownNumber, pileOf } from './iterations.js';
import type { ClosedLoad, VuStep } from './load.js';
import { nth, portion, type Share } from './share.js';
import { openAlarms } from './timers.js';
import type { Crew, LoadRun } from './vu-pool.js';

interface Slot {
  readonly vu: number;
  isMade: boolean;
  running: boolean;
  iterations: number;
  /** Due time of its next iteration; undefined where that only follows its last. */
  dueAt: number | undefined;
  cancelInterrupt: (() => void) | undefined;
}

/**
 * Runs this worker's share of a closed load, starting at instant `startAt`. A VU's next iteration starts when its last
 * has ended. A VU that is ramped down may finish its iteration; ramped up again meanwhile it simply goes on.
 */
export function runClosed(
  load: ClosedLoad,
  { index, count }: Share,
  clock: Clock,
  startAt: number,
  crew: Crew,
): LoadRun {
  const alarms = openAlarms(clock);
  // Where there are fewer users than workers, the workers without one end at once and get none of those that are added.
  const share: Share = { index, count: Math.min(count, load.maxVus) };
  const slots: Slot[] = [];
  const addSlots = (vus: number) => {
    for (let n = slots.length; index < share.count && n < portion(share, vus); n += 1) {
      const vu = nth(share, n);
      const isMade = vu < load.maxVus;
      slots.push({ vu, isMade, running: false, iterations: 0, dueAt: undefined, cancelInterrupt: undefined });
    }
  };
  addSlots(load.maxVus);
  const quota = pileOf(load, share);
  const quotaPerVu = load.iterations && 'perVu' in load.iterations ? load.iterations.perVu : Number.POSITIVE_INFINITY;

  /** Number of leading slots in use. */
  let wanted = 0;
  let started = 0;
  let running = 0;
  let draining = false;
  let paused = false;
  /** Resumers of VUs that wait for the end of a pause. */
  const waiting: (() => void)[] = [];
  /** VU count set by hand, in place of the plan. */
  let byHand: number | undefined;
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const end = () => {
    alarms.clear();
    finish();
  };

  const couldStart = (slot: Slot) => started < quota && slot.iterations < quotaPerVu;
  const isWanted = (slot: Slot) => slot.vu < nth(share, wanted);

  const loop = async (slot: Slot) => {
    slot.running = true;
    running += 1;
    if (!slot.isMade) slot.isMade = await crew.make(slot.vu);
    while (slot.isMade && isWanted(slot) && !draining && couldStart(slot)) {
      if (paused) {
        slot.dueAt = undefined;
        await new Promise<void>((resolve) => waiting.push(resolve));
        continue;
      }
      const counted = load.iterations && 'perVu' in load.iterations;
      const iteration = counted ? ownNumber(load, slot.vu, slot.iterations) : numberOf(load, share, started);
      started += 1;
      slot.iterations += 1;
      const { dueAt } = slot;
      slot.dueAt = undefined;
      await crew.iterate(slot.vu, iteration, dueAt);
      await clock.breathe();
    }
    slot.running = false;
    running -= 1;
    slot.cancelInterrupt?.();
    slot.cancelInterrupt = undefined;
    // Nothing is left to do when the time is up, or when the iterations are used up and no user may take one.
    if (running === 0 && (draining || slots.every((other) => !couldStart(other)))) end();
  };

  /** Wakes waiting VUs to check their state again. */
  const wake = () => {
    for (const go of waiting.splice(0)) go();
  };

  /** Sets the target VU count over all workers to `vus`. */
  const want = (vus: number) => {
    const before = wanted;
    wanted = portion(share, vus);
    for (const slot of slots.slice(before, wanted)) {
      slot.cancelInterrupt?.();
      slot.cancelInterrupt = undefined;
      if (!slot.running) void loop(slot);
    }
    for (const slot of slots.slice(wanted, before)) {
      slot.cancelInterrupt = alarms.at(clock.now() + load.gracefulRampDown, () => crew.interrupt(slot.vu));
    }
    wake();
  };

  const drain = () => {
    if (draining) return;
    draining = true;
    wake();
    if (running === 0) return end();
    alarms.at(clock.now() + load.gracefulStop, interruptAll);
  };

  const interruptAll = () => {
    for (const slot of slots) if (slot.running) crew.interrupt(slot.vu);
  };

  const timeIsUp = () => {
    // What is left of the pile when the user has ended the run was not dropped for want of time.
    if (load.iterations && !draining && started < quota) crew.drop(quota - started, startAt + load.duration);
    drain();
  };

  const follow = (from: number) => {
    if (draining) return;
    if (byHand !== undefined) return want(byHand);
    let next = from;
    const isDue = ({ at }: VuStep) => startAt + at <= clock.now();
    for (let step = load.steps[next]; step && isDue(step); step = load.steps[next]) {
      const coming = slots.slice(portion(share, load.steps[next - 1]?.vus ?? 0), portion(share, step.vus));
      for (const slot of coming) if (!slot.running) slot.dueAt = startAt + step.at;
      next += 1;
    }
    // Of several changes that are due, only the last is still true.
    const reached = load.steps[next - 1];
    if (reached) want(reached.vus);
    const coming = load.steps[next];
    if (coming) alarms.at(startAt + coming.at, () => follow(next));
  };

  if (slots.length === 0 || quota === 0) {
    end();
  } else {
    alarms.at(startAt + load.duration, timeIsUp);
    alarms.at(startAt, () => follow(0));
  }

  return {
    ended,
    get active() {
      return running;
    },
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      wake();
    },
    scale(vus) {
      if (draining) return;
      // Users that are not planned have no iterations of their own.
      byHand = load.iterations && 'perVu' in load.iterations ? Math.min(vus, load.maxVus) : vus;
      addSlots(byHand);
      if (clock.now() >= startAt) want(byHand);
    },
    drain,
    abort() {
      draining = true;
      wake();
      interruptAll();
      if (running === 0) end();
    },
  };
}
