/** One timer for everything that is due. */
export interface Alarm {
  /** Rings once at `at`, or as soon as possible after; replaces what was set before. Undefined: never. */
  set(at: number | undefined): void;
}

/** Timers fire up to a millisecond and a bit late, so they are set this much early and the rest is polled. */
const POLL_MS = 1.2;
/** At most this share of one core goes into polling; without credit a plain timer has to do. */
const POLL_SHARE = 0.1;
const MOST_CREDIT_MS = 5;
/** `setTimeout` takes a signed 32-bit delay. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * An alarm that keeps to absolute instants with a lateness well below a millisecond while little is due, and with about a
 * millisecond's granularity when much is. Polling goes through `setImmediate`, so sockets are served meanwhile.
 */
export function createAlarm(now: () => number, ring: () => void): Alarm {
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
