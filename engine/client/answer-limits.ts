import type { Clock } from '../clock.js';
import type { Stoppable } from './interruptions.js';
import type { Timeouts } from './request-context.js';
import type { Connection } from './transport/connection.js';
import type { TimerTarget } from './transport/lazy-timer.js';

/** Longest answer accepted, in decompressed bytes. Embeddings of long lists take tens of megabytes. */
const LONGEST_ANSWER = 256 * 1024 * 1024;

/** Settings that limit an answer. */
interface Bounds {
  readonly clock: Clock;
  readonly timeouts: Timeouts;
  readonly longest?: number | undefined;
}

/** Request with limits. */
export interface LimitedRequest extends Stoppable {
  /** Ends a complete answer whose body is still open. */
  leave(): void;
}

/** Resolved: what waits for it runs once the current read is handled. Most bodies end in the read of the answer's end. */
const THIS_READ = Promise.resolve();

/**
 * Limits of an answer's time and length. Time counts in all, to the first token, and between reads. One timer, which
 * looks again when it finds that there were reads: a timer for each token would cost more than the token.
 */
export class AnswerLimits implements TimerTarget {
  readonly #clock: Clock;
  readonly #timeouts: Timeouts;
  readonly #longest: number;
  readonly #connection: Connection;
  readonly #sentAt: number;
  readonly #request: LimitedRequest;
  #firstTokenAt: number | undefined;
  #length = 0;
  #isAnswered = false;
  #isFinished = false;
  #isOver = false;

  /** Starts the limits of a request sent at `sentAt`. */
  constructor(
    { clock, timeouts, longest = LONGEST_ANSWER }: Bounds,
    connection: Connection,
    sentAt: number,
    request: LimitedRequest,
  ) {
    const { total, idle, firstToken = total } = timeouts;
    this.#clock = clock;
    this.#timeouts = timeouts;
    this.#longest = longest;
    this.#connection = connection;
    this.#sentAt = sentAt;
    this.#request = request;
    // No limit can be over before that.
    connection.limit.set(sentAt + Math.min(total, idle, firstToken), this);
  }

  /** Limits the time between reads from now on. */
  noteFirstToken(): void {
    this.#firstTokenAt ??= this.#clock.now();
  }

  /** Adds decompressed bytes to the answer's length. */
  addBytes(count: number): void {
    this.#length += count;
    if (this.#length <= this.#longest) return;
    this.#request.stop({ kind: 'malformed', message: `the answer is longer than ${this.#longest / 2 ** 20} MiB` });
  }

  onTime(): void {
    if (this.#isAnswered) {
      this.#request.leave();
      return;
    }
    const { limit, reads, habits } = this.#connection;
    reads.refresh();
    const { dueAt, message } = this.#next(reads.at);
    if (dueAt > this.#clock.now()) limit.set(dueAt, this);
    else if (this.#isFinished) {
      habits.recordEnd(false);
      this.#request.leave();
    } else this.#request.stop({ kind: 'timeout', message });
  }

  /** Waits a moment for the end of a complete answer's body. */
  awaitEnd(): void {
    void THIS_READ.then(() => {
      if (this.#isOver) return;
      const { limit, habits } = this.#connection;
      this.#isAnswered = true;
      limit.set(this.#clock.now() + habits.patience, this);
    });
  }

  /** Limits the wait after a finish reason for counts and the end. */
  noteFinish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    void THIS_READ.then(() => {
      if (!this.#isOver && !this.#isAnswered) this.onTime();
    });
  }

  end(): void {
    this.#isOver = true;
    this.#connection.limit.stop();
  }

  /** The limit that is over first, unless something is read. */
  #next(readAt: number): { readonly dueAt: number; readonly message: string } {
    const { total, idle, firstToken = total } = this.#timeouts;
    const inAll = { dueAt: this.#sentAt + total, message: `no end after ${total / 1000} s` };
    const firstAt = this.#firstTokenAt;
    const first = this.#isFinished
      ? { dueAt: readAt + this.#connection.habits.patienceForRest, message: '' }
      : firstAt === undefined
        ? { dueAt: this.#sentAt + firstToken, message: `no token after ${firstToken / 1000} s` }
        : { dueAt: Math.max(firstAt, readAt) + idle, message: 'the stream stalled' };
    return first.dueAt < inAll.dueAt ? first : inAll;
  }
}
