import { createAlarm } from './alarm.js';
import { fixedPace, type Pace } from './fixed-pace.js';
import type { BatchLoad, BatchSchedule, Sequence } from './schedule.js';

/** A sequence that is told of its tokens in real time. */
export interface Playable extends Sequence {
  /** `due` tokens are due by now. Called once a wake-up, also when several came due since the last. */
  deliver(due: number): void;
}

/** What there is to do at an instant, sequences at a fixed pace included: they run at once and have no place in the cache. */
export interface PacerLoad extends BatchLoad {
  /** Prompt tokens of all sequences so far. */
  readonly promptTokens: number;
}

/** Plays sequences on the real clock. */
export interface Pacer {
  readonly load: PacerLoad;
  /** Starts a sequence that has just arrived: at a fixed pace of its own or, without one, in the shared batch. */
  play(sequence: Playable, pace: Pace | undefined, arrivedAt: number): void;
  stop(sequence: Playable): void;
  close(): void;
}

/** Drives the shared batch and the sequences at a pace of their own with one alarm. */
export function createPacer(now: () => number, batch: BatchSchedule<Playable>): Pacer {
  const fixed = fixedPace<Playable>();
  let promptTokens = 0;
  const alarm = createAlarm(now, tick);

  function tick(): void {
    const time = now();
    const due = new Map<Playable, number>();
    for (const { sequence, index } of batch.advance(time)) due.set(sequence, index + 1);
    for (const { sequence, index } of fixed.advance(time)) due.set(sequence, index + 1);
    for (const [sequence, tokens] of due) sequence.deliver(tokens);
    wind();
  }

  function wind(): void {
    const next = Math.min(batch.nextEventAt() ?? Infinity, fixed.nextEventAt() ?? Infinity);
    alarm.set(next === Infinity ? undefined : next);
  }

  return {
    get load() {
      const { load } = batch;
      return { ...load, running: load.running + fixed.size, promptTokens };
    },
    play(sequence, pace, arrivedAt) {
      promptTokens += sequence.promptTokens;
      if (pace === undefined) batch.submit(sequence, now());
      else fixed.submit(sequence, arrivedAt, pace);
      wind();
    },
    stop(sequence) {
      batch.cancel(sequence);
      fixed.cancel(sequence);
      wind();
    },
    close() {
      alarm.set(undefined);
    },
  };
}
