import type { Clock } from '../clock.js';

/** Pending timers of a loop. */
export interface Timers {
  /** Calls `wake` once at an instant of the clock. Possibly a little later, never earlier. */
  at(instant: number, wake: () => void): () => void;
  /** Cancels all pending timers. */
  clear(): void;
}

/** Creates a set of timers on a clock. */
export function openTimers(clock: Clock): Timers {
  const cancels = new Set<() => void>();
  return {
    at(instant, wake) {
      const sleep = () =>
        clock.after(instant - clock.now(), () => {
          // Timers of whole milliseconds may be up to one too early.
          if (clock.now() < instant) {
            stop = sleep();
            return;
          }
          cancels.delete(cancel);
          wake();
        });
      let stop = sleep();
      const cancel = () => {
        cancels.delete(cancel);
        stop();
      };
      cancels.add(cancel);
      return cancel;
    },
    clear() {
      for (const cancel of cancels) cancel();
    },
  };
}
