/**
 * The only place that touches timers.
 *
 * All instants are milliseconds on the machine's monotonic clock (CLOCK_MONOTONIC on Linux), so that
 * instants taken in different threads and different processes of one machine can be subtracted.
 */
export interface Clock {
  /** Milliseconds on the monotonic clock, with a sub-microsecond fraction. */
  now(): number;
  /** Calls `wake` once after `ms` milliseconds. The returned function cancels it. */
  after(ms: number, wake: () => void): () => void;
  /** Yields to all other pending work of this thread. */
  breathe(): Promise<void>;
  /** Milliseconds that this thread has worked, and not waited for events. */
  worked(): number;
}

/** Offset of `performance.now()`, which starts at zero in each thread. Added, it gives the machine's clock. */
const origin = findOrigin();

/** Measures the offset by the fastest of several readings of both clocks. The first ones are off by milliseconds. */
function findOrigin(): number {
  let best = 0;
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 20; i += 1) {
    const before = performance.now();
    const machine = Number(process.hrtime.bigint()) / 1e6;
    const after = performance.now();
    if (after - before >= shortest) continue;
    shortest = after - before;
    best = machine - (before + after) / 2;
  }
  return best;
}

/** `setTimeout` takes a signed 32-bit delay and fires at once above it. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now() + origin,
  after(ms, wake) {
    if (ms > LONGEST_TIMEOUT) {
      let cancel = systemClock.after(LONGEST_TIMEOUT, () => {
        cancel = systemClock.after(ms - LONGEST_TIMEOUT, wake);
      });
      return () => cancel();
    }
    const timer = setTimeout(wake, Math.max(0, ms));
    return () => clearTimeout(timer);
  },
  breathe() {
    turn ??= new Promise((resolve) =>
      setImmediate(() => {
        turn = undefined;
        resolve();
      }),
    );
    return turn;
  },
  worked: () => performance.eventLoopUtilization().active,
};

/** End of the current turn, shared by all who wait for it. */
let turn: Promise<void> | undefined;

/** Resolves after `ms` milliseconds. Rejects with the signal's reason once it aborts. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    const abort = () => {
      cancel();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/**
 * Calls `tick` every `ms` milliseconds, with its lateness in milliseconds. The schedule is absolute, and missed ticks
 * are skipped. The returned function stops it.
 */
export function every(clock: Clock, ms: number, tick: (late: number) => void): () => void {
  let due = clock.now() + ms;
  const wake = () => {
    const now = clock.now();
    const late = Math.max(0, now - due);
    due += ms * (1 + Math.floor(late / ms));
    cancel = clock.after(due - now, wake);
    tick(late);
  };
  let cancel = clock.after(ms, wake);
  return () => cancel();
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;

/** Least bare number that is taken for milliseconds. Fewer may be meant as seconds. */
const LEAST_BARE = 1000;

/**
 * `'1m30s'` → 90000. Undefined when the text is no duration. A number counts as milliseconds, as in k6; one from 1 to
 * 999 is no duration, nor is a text without a unit, since seconds may be meant.
 */
export function parseDuration(text: string | number): number | undefined {
  if (typeof text === 'number') return text === 0 || (text >= LEAST_BARE && Number.isFinite(text)) ? text : undefined;
  const compact = text.trim();
  if (compact === '0') return 0;
  if (!DURATION.test(compact)) return undefined;
  let total = 0;
  for (const [, amount, unit] of compact.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * (UNITS[unit ?? ''] ?? Number.NaN);
  }
  // '1.001s' is 1001, not 1000.9999999999999.
  return Math.round(total * 1e6) / 1e6;
}

/** Question for a missing unit: `; write "10s" or "10ms"`. Empty for other input. */
export function askUnit(given: unknown): string {
  const text = typeof given === 'number' ? String(given) : typeof given === 'string' ? given.trim() : '';
  return /^\d+(?:\.\d+)?$/.test(text) && Number(text) > 0 ? `; write "${text}s" or "${text}ms"` : '';
}

/**
 * Formats milliseconds: 90000 → `'1m30s'`, 1500 → `'1.5s'`, 250 → `'250ms'`. The inverse of `parseDuration` for whole
 * milliseconds.
 */
export function formatDuration(ms: number): string {
  const whole = Math.round(ms);
  if (whole > 0 && whole < 1000) return `${whole}ms`;
  const parts: readonly (readonly [amount: number, unit: string])[] = [
    [Math.floor(whole / 3_600_000), 'h'],
    [Math.floor(whole / 60_000) % 60, 'm'],
    [(whole % 60_000) / 1000, 's'],
  ];
  const shown = parts.filter(([amount]) => amount > 0);
  return shown.map(([amount, unit]) => `${amount}${unit}`).join('') || '0s';
}

/** Wall-clock time of an instant, by default now. In milliseconds since 1970, with a fraction. */
export function wallTime(clock: Clock, instant = clock.now()): number {
  return Date.now() + (instant - clock.now());
}
