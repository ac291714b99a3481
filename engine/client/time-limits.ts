import type { Clock } from '../clock.js';
import type { Timeouts } from './request-context.js';
import { IdleTimeout } from './transport/idle-timeout.js';
import type { ReadTimestamps } from './transport/read-timestamps.js';

/** Time limits of a request. In all, to its first token, and between reads. */
export class TimeLimits {
  readonly #clock: Clock;
  readonly #timeouts: Timeouts;
  readonly #onTooLong: (message: string) => void;
  readonly #cancelTotal: () => void;
  #cancelFirst: () => void = () => undefined;
  #silence: IdleTimeout | undefined;

  /** Starts the limits of a request sent at `sentAt`. `onTooLong` gets the message of the failure. */
  constructor(
    { clock, timeouts }: { readonly clock: Clock; readonly timeouts: Timeouts },
    sentAt: number,
    onTooLong: (message: string) => void,
  ) {
    const { total, firstToken = total } = timeouts;
    this.#clock = clock;
    this.#timeouts = timeouts;
    this.#onTooLong = onTooLong;
    const after = (limit: number, what: string) =>
      clock.after(sentAt + limit - clock.now(), () => onTooLong(`${what} after ${limit / 1000} s`));
    this.#cancelTotal = after(total, 'no end');
    if (firstToken < total) this.#cancelFirst = after(firstToken, 'no token');
  }

  /** Limits the time between reads from now on. */
  noteFirstToken(reads: ReadTimestamps): void {
    this.#cancelFirst();
    this.#silence ??= new IdleTimeout(this.#clock, reads, this.#timeouts.idle, () =>
      this.#onTooLong('the stream stalled'),
    );
  }

  end(): void {
    this.#cancelTotal();
    this.#cancelFirst();
    this.#silence?.end();
  }
}
