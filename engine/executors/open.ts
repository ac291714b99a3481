import type { Clock } from '../clock.js';
import { type Arrival, arrivalsOf } from './arrivals.js';
import type { OpenLoad } from './load.js';
import type { Share } from './share.js';
import { openAlarms } from './timers.js';
import type { LoadRun, OpenCrew } from './vu-pool.js';

/** Lateness limit at the end of the load, in milliseconds: later arrivals are not started. */
const LAST_CALL = 100;

/**
 * Runs this worker's share of an open load, starting at instant `startAt`: every arrival that is due is started by a
 * free user, the one that was freed last, for its sockets are the warmest. Where none is free the arrival is dropped,
 * and one more user is made for those to come. Instants are absolute: a late thread catches up, and nothing drifts.
 */
export function runOpen(
  load: OpenLoad,
  share: Share,
  seed: number,
  clock: Clock,
  startAt: number,
  crew: OpenCrew,
): LoadRun {
  const alarms = openAlarms(clock);
  const endsAt = startAt + load.duration;
  const arrivals = arrivalsOf(load, share, seed);
  let coming: Arrival | undefined = arrivals.next().value;

  const own = ownVus(load, share);
  const free = own.filter((vu) => vu < load.plannedVus).reverse();
  const spare = own.filter((vu) => vu >= load.plannedVus).reverse();
  const running = new Set<number>();
  let making = false;
  let exhausted = false;
  let draining = false;
  let paused = false;
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const end = () => {
    alarms.clear();
    finish();
  };

  const start = async (vu: number, { number }: Arrival, dueAt: number) => {
    running.add(vu);
    await crew.iterate(vu, number, dueAt);
    running.delete(vu);
    free.push(vu);
    if (draining && running.size === 0) end();
  };

  const makeOneMore = async () => {
    if (making) return;
    const vu = spare.pop();
    if (vu === undefined) {
      if (!exhausted) crew.exhausted();
      exhausted = true;
      return;
    }
    making = true;
    const isThere = await crew.make(vu);
    making = false;
    // Below the others: it has no socket yet.
    if (isThere) free.unshift(vu);
  };

  const take = (arrival: Arrival) => {
    const dueAt = startAt + arrival.at;
    const isTooLate = clock.now() > endsAt + LAST_CALL;
    const vu = isTooLate ? undefined : free.pop();
    if (vu !== undefined) {
      void start(vu, arrival, dueAt);
      return;
    }
    crew.drop(1, dueAt);
    if (!isTooLate) void makeOneMore();
  };

  const takeAllDue = () => {
    for (; coming && startAt + coming.at <= clock.now(); coming = arrivals.next().value) {
      if (!paused) take(coming);
    }
  };

  const follow = () => {
    takeAllDue();
    if (coming) alarms.at(startAt + coming.at, follow);
  };

  const drain = () => {
    if (draining) return;
    draining = true;
    alarms.clear();
    if (running.size === 0) return end();
    alarms.at(clock.now() + load.gracefulStop, interruptAll);
  };

  const interruptAll = () => {
    for (const vu of running) crew.interrupt(vu);
  };

  const timeIsUp = () => {
    takeAllDue();
    drain();
  };

  if (own.length === 0) {
    end();
  } else {
    if (coming) alarms.at(startAt + coming.at, follow);
    alarms.at(endsAt, timeIsUp);
  }

  return {
    ended,
    get active() {
      return running.size;
    },
    pause() {
      takeAllDue();
      paused = true;
    },
    resume() {
      takeAllDue();
      paused = false;
    },
    drain,
    abort() {
      draining = true;
      alarms.clear();
      interruptAll();
      if (running.size === 0) end();
    },
  };
}

/** This worker's users, planned and not, in order: dealt out as the arrivals are, so that both stay in proportion. */
function ownVus({ plannedVus, maxVus }: OpenLoad, { index, count }: Share): number[] {
  const own: number[] = [];
  for (let vu = 0; vu < maxVus; vu += 1) if ((vu % plannedVus) % count === index) own.push(vu);
  return own;
}
