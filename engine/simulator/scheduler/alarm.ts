import type { Clock } from '../../clock.js';

/** One timer for all due events. */
export interface Alarm {
  /** Rings once at `at` or as soon as possible after. Replaces the previous time; undefined: never. */
  set(at: number | undefined): void;
}

/** Milliseconds of polling before an alarm, since timers fire late. */
const POLL_MS = 1.2;
/** Most of one core spent on polling. Without credit a plain timer has to do. */
const POLL_SHARE = 0.1;
const MOST_CREDIT_MS = 5;
/** Longest delay of `setTimeout`, a signed 32-bit number. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** Creates an alarm that is as exact as its clock's timers. */
export function plainAlarm(clock: Clock, ring: () => void): Alarm {
  let cancel = () => {};
  return {
    set(at) {
      cancel();
      if (at !== undefined) cancel = clock.after(at - clock.now(), ring);
    },
  };
}

/**
 * Creates an alarm for absolute instants of the system's clock. Its lateness is well below a millisecond while little is due, and about a
 * millisecond when much is. It polls through `setImmediate`, so sockets are served meanwhile.
 */
export function pollingAlarm(now: () => number, ring: () => void): Alarm {
  let at: number | undefined;
  let disarm = () => {};
  let credit = MOST_CREDIT_MS;
  let creditAt = now();
  let pollingSince: number | undefined;

  function mayPoll(time: number): boolean {
    credit = Math.min(MOST_CREDIT_MS, credit + (time - creditAt) * POLL_SHARE);
    creditAt = time;
    if (pollingSince !== undefined) credit -= time - pollingSince;
    pollingSince = credit > 0 ? time : undefined;
    return pollingSince !== undefined;
  }

  function arm(due: number): void {
    const time = now();
    const left = due - time;
    if (left <= 0 || (left <= POLL_MS && mayPoll(time))) {
      const immediate = setImmediate(check);
      disarm = () => clearImmediate(immediate);
    } else {
      pollingSince = undefined;
      const timer = setTimeout(check, Math.min(Math.max(1, Math.floor(left - POLL_MS)), LONGEST_TIMEOUT));
      disarm = () => clearTimeout(timer);
    }
  }

  function check(): void {
    if (at === undefined) return;
    if (now() < at) {
      arm(at);
    } else {
      at = undefined;
      pollingSince = undefined;
      ring();
    }
  }

  return {
    set(next) {
      if (next === at) return;
      disarm();
      at = next;
      if (at === undefined) pollingSince = undefined;
      else arm(at);
    },
  };
}
