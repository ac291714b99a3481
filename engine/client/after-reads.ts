import type { Clock } from '../clock.js';
import { startedReader } from './reader/native-reader.js';

/** Ended answers worked off in one turn of the event loop. */
const AT_ONCE = 4;
/** The reader in C stamps what comes meanwhile. */
const AT_ONCE_BESIDE_IT = 32;

const queues = new WeakMap<Clock, AfterReads>();

/** Queue of a thread, which has one clock. */
export function afterReads(clock: Clock): AfterReads {
  const known = queues.get(clock) ?? new AfterReads(clock, () => (startedReader() ? AT_ONCE_BESIDE_IT : AT_ONCE));
  queues.set(clock, known);
  return known;
}

/**
 * Work that waits until all readable sockets have been read. The end of an answer asks for about as much work as twenty
 * tokens, of the script's too, and other streams would have their tokens stamped late meanwhile.
 */
export class AfterReads {
  readonly #clock: Clock;
  readonly #atOnce: () => number;
  #waiting: (() => void)[] = [];

  constructor(clock: Clock, atOnce: () => number = () => AT_ONCE) {
    this.#clock = clock;
    this.#atOnce = atOnce;
  }

  /** Does something in a later turn, in order, a few in each. */
  add(work: () => void): void {
    if (this.#waiting.push(work) === 1) void this.#workOff();
  }

  async #workOff(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#clock.breathe();
      const now = this.#waiting;
      this.#waiting = now.splice(this.#atOnce());
      for (const work of now) work();
    }
  }
}
