import type { Clock } from '../clock.js';
import { openAlarms } from './alarms.js';
import type { Crew, LoadRun } from './crew.js';
import { numberOf, ownNumber, pileOf } from './iterations.js';
import type { ClosedLoad, VuStep } from './load.js';
import { nth, portion, type Share } from './share.js';

interface Slot {
  readonly vu: number;
  running: boolean;
  iterations: number;
  /** When it should start its next iteration; undefined where that only has to follow its last. */
  dueAt: number | undefined;
  cancelInterrupt: (() => void) | undefined;
}

/**
 * Runs this worker's share of a closed load, starting at instant `startAt`: a user's next iteration starts when its
 * last has ended. A user that is ramped down may finish its iteration; ramped up again meanwhile it simply goes on.
 */
export function runClosed(load: ClosedLoad, share: Share, clock: Clock, startAt: number, crew: Crew): LoadRun {
  const alarms = openAlarms(clock);
  const slots: Slot[] = [];
  for (let n = 0; n < portion(share, load.maxVus); n += 1) {
    slots.push({ vu: nth(share, n), running: false, iterations: 0, dueAt: undefined, cancelInterrupt: undefined });
  }
  const quota = pileOf(load, share);
  const quotaPerVu = load.iterations && 'perVu' in load.iterations ? load.iterations.perVu : Number.POSITIVE_INFINITY;

  /** The first so many slots are wanted. */
  let wanted = 0;
  let started = 0;
  let running = 0;
  let draining = false;
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
    while (isWanted(slot) && !draining && couldStart(slot)) {
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
      slot.cancelInterrupt = alarms.at(clock.now() + load.gracefulRampDown, () => crew.interrupt(slot.vu));
    }
  };

  const drain = () => {
    if (draining) return;
    draining = true;
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

  const follow = (index: number) => {
    if (draining) return;
    let next = index;
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
    drain,
    abort() {
      draining = true;
      interruptAll();
      if (running === 0) end();
    },
  };
}
