import { type Clock, every } from '../clock.js';

/** A thread gives a sign of life this often, in milliseconds; it is looked for as often. */
const BEAT = 500;

/**
 * A worker that has given no sign of life for so long, in milliseconds, is taken for blocked and is stopped. Garbage
 * collection and overload make a thread late by seconds, never by this much.
 */
export const LONGEST_SILENCE = 10_000;

/** Places in a pulse. */
const BEATS = 0;
const VU = 1;
const ITERATION = 2;

/** What a worker writes where the main thread can read it, even while the worker's thread is kept by a script. */
export type Heartbeat = Int32Array;

/** The VU whose code was the last to be entered in a worker; iteration −1 is the top of the file. */
export interface LastRun {
  readonly vu: number;
  readonly iteration: number;
}

/** More room than it needs: cores that write to the same cache line, of 128 bytes at most, wait for one another. */
export function newHeartbeat(): Heartbeat {
  return new Int32Array(new SharedArrayBuffer(2 * 128));
}

/** Gives signs of life from now on, until the returned function is called. */
export function startHeartbeat(pulse: Heartbeat, clock: Clock): () => void {
  Atomics.add(pulse, BEATS, 1);
  return every(clock, BEAT, () => Atomics.add(pulse, BEATS, 1));
}

/** Code of this VU is about to run: a sign of life too, for none before it has kept the thread. */
export function noteEntry(pulse: Heartbeat, vu: number, iteration: number): void {
  Atomics.add(pulse, BEATS, 1);
  Atomics.store(pulse, VU, vu);
  Atomics.store(pulse, ITERATION, iteration);
}

/** Who was the last to run. */
export function lastRun(pulse: Heartbeat): LastRun {
  return { vu: Atomics.load(pulse, VU), iteration: Atomics.load(pulse, ITERATION) };
}

/** Listens to the pulse of one worker. */
export interface Listening {
  /** From now on so many milliseconds of silence are too many. */
  rush(patience: number): void;
  /** While this is true, silence means nothing. */
  excused: boolean;
  end(): void;
}

/**
 * Calls `onSilence` once when a worker that has been alive gives no sign of life for `LONGEST_SILENCE`. Silence is
 * counted by how often it was found, so that a machine that was asleep accuses nobody.
 */
export function watchHeartbeat(pulse: Heartbeat, clock: Clock, onSilence: (ms: number) => void): Listening {
  let heard = 0;
  let silence = 0;
  let patience = LONGEST_SILENCE;
  const end = every(clock, BEAT, () => {
    const beats = Atomics.load(pulse, BEATS);
    silence = beats === heard && !listening.excused ? silence + BEAT : 0;
    heard = beats;
    if (beats === 0 || silence < patience) return;
    end();
    onSilence(silence);
  });
  const listening: Listening = {
    excused: false,
    rush(shorter) {
      patience = shorter;
      silence = 0;
    },
    end,
  };
  return listening;
}
