import type { Alarm } from './alarm.js';
import { fixedPace, type Pace } from './fixed-pace.js';
import type { BatchLoad, BatchSchedule, Sequence } from './schedule.js';

/** Sequence that receives its tokens in real time. */
export interface Playable extends Sequence {
  /** Delivers the tokens up to `due`. Called once a wake-up, also when several came due since the last. */
  deliver(due: number): void;
}

/** Load at an instant. Sequences at a fixed pace run at once, and use no cache. */
export interface PacerLoad extends BatchLoad {
  /** Prompt tokens of all sequences so far. */
  readonly promptTokens: number;
}

/** Player of sequences on the real clock. */
export interface Pacer {
  readonly load: PacerLoad;
  /** Starts a sequence that has just arrived. At its own fixed pace or, without one, in the shared batch. */
  play(sequence: Playable, pace: Pace | undefined, arrivedAt: number): void;
  stop(sequence: Playable): void;
  close(): void;
}

/** Creates a pacer for shared-batch and fixed-pace sequences, with one alarm. */
export function createPacer(
  now: () => number,
  makeAlarm: (ring: () => void) => Alarm,
  batch: BatchSchedule<Playable>,
): Pacer {
  const fixed = fixedPace<Playable>();
  let promptTokens = 0;
  const alarm = makeAlarm(tick);

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
