import { type Clock, every } from '../clock.js';

/** Heartbeats and checks within one heartbeat timeout. */
const BEATS_PER_SILENCE = 20;

/** Indexes in a heartbeat. */
const BEATS = 0;
const VU = 1;
const ITERATION = 2;

/** Shared-memory heartbeat of a worker. The main thread can read it even while a script blocks the worker's thread. */
export type Heartbeat = Int32Array;

/** VU whose code was entered last in a worker. Iteration −1 is the top of the file. */
export interface LastRun {
  readonly vu: number;
  readonly iteration: number;
}

/**
 * Allocates a heartbeat, larger than its data. Cores that write to the same cache line, of 128 bytes at most, wait for
 * one another.
 */
export function newHeartbeat(): Heartbeat {
  return new Int32Array(new SharedArrayBuffer(2 * 128));
}

/** Sends heartbeats from now on, until the returned function is called. `silence` is the timeout in milliseconds. */
export function startHeartbeat(heartbeat: Heartbeat, clock: Clock, silence: number): () => void {
  Atomics.add(heartbeat, BEATS, 1);
  return every(clock, silence / BEATS_PER_SILENCE, () => Atomics.add(heartbeat, BEATS, 1));
}

/**
 * Records that code of this VU is about to run. It counts as a heartbeat too, for none can follow while the code blocks
 * the thread.
 */
export function recordEntry(heartbeat: Heartbeat, vu: number, iteration: number): void {
  Atomics.add(heartbeat, BEATS, 1);
  Atomics.store(heartbeat, VU, vu);
  Atomics.store(heartbeat, ITERATION, iteration);
}

/** VU that ran last. */
export function lastRun(heartbeat: Heartbeat): LastRun {
  return { vu: Atomics.load(heartbeat, VU), iteration: Atomics.load(heartbeat, ITERATION) };
}

/** Watcher of one worker's heartbeat. */
export interface HeartbeatWatch {
  /** Sets a shorter timeout from now on, in milliseconds. */
  shorten(patience: number): void;
  /** While true, silence is ignored. */
  excused: boolean;
  end(): void;
}

/**
 * Calls `onSilence` once when a live worker misses heartbeats for `longest` milliseconds. Silence is counted in failed
 * checks, so that a machine that was asleep raises no alarm.
 */
export function watchHeartbeat(
  heartbeat: Heartbeat,
  clock: Clock,
  longest: number,
  onSilence: (ms: number) => void,
): HeartbeatWatch {
  const beat = longest / BEATS_PER_SILENCE;
  let lastBeats = 0;
  let silence = 0;
  let patience = longest;
  const end = every(clock, beat, () => {
    const beats = Atomics.load(heartbeat, BEATS);
    silence = beats === lastBeats && !watch.excused ? silence + beat : 0;
    lastBeats = beats;
    if (beats === 0 || silence < patience) return;
    end();
    onSilence(silence);
  });
  const watch: HeartbeatWatch = {
    excused: false,
    shorten(shorter) {
      patience = shorter;
      silence = 0;
    },
    end,
  };
  return watch;
}
