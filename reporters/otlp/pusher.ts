import { messageOf } from '../../engine/errors.js';
import type { Answer, Collector } from './post.js';

/**
 * Sends bodies to a collector, one at a time. Nothing waits in a queue: what comes while another is underway is left
 * out and counted.
 */
export class Pusher {
  readonly #collector: Collector;
  readonly #onTrouble: (reason: string) => void;
  #sent = 0;
  #failed = 0;
  #skipped = 0;
  #underway: Promise<boolean> | undefined;
  #waitUntil = 0;
  /** Reason of the last failure. */
  trouble: string | undefined;

  /** Calls `onTrouble` with the first failure. */
  constructor(collector: Collector, onTrouble: (reason: string) => void) {
    this.#collector = collector;
    this.#onTrouble = onTrouble;
  }

  /** Sends a body. Left out while another is underway, or the collector has asked to wait. */
  offer(body: () => string): void {
    if (this.#underway || performance.now() < this.#waitUntil) {
      this.#skipped += 1;
      return;
    }
    this.#underway = this.#push(body()).finally(() => {
      this.#underway = undefined;
    });
  }

  /** Sends a last body after the one underway. Resolves to false where it was not taken. */
  async last(body: () => string): Promise<boolean> {
    await this.#underway;
    const isTaken = await this.#push(body());
    this.#collector.close();
    return isTaken;
  }

  /** False where no push was taken: the first failure has said all. */
  get hasSent(): boolean {
    return this.#sent > 0;
  }

  /** Sentence on lost pushes among others; undefined where there were none. */
  get loss(): string | undefined {
    if (!this.hasSent || this.#failed + this.#skipped === 0) return undefined;
    const all = this.#sent + this.#failed + this.#skipped;
    const why = this.trouble === undefined ? '' : ` (${this.trouble})`;
    const failed = `of ${all} pushes ${this.#failed} failed${why}`;
    return `${failed} and ${this.#skipped} were left out to wait for the collector; each later push has all counts`;
  }

  async #push(body: string): Promise<boolean> {
    const problem = await this.#collector.post(body).then(
      (answer) => {
        if (answer.retryAfter !== undefined) this.#waitUntil = performance.now() + answer.retryAfter;
        return problemOf(answer);
      },
      (error: unknown) => messageOf(error),
    );
    if (problem === undefined) {
      this.#sent += 1;
      return true;
    }
    this.#failed += 1;
    if (this.trouble === undefined) this.#onTrouble(problem);
    this.trouble = problem;
    return false;
  }
}

/** Reason of a failed push. Undefined where all of it was taken. */
function problemOf({ status, text }: Answer): string | undefined {
  const said = text.replace(/\s+/g, ' ').trim().slice(0, 200);
  if (status < 200 || status > 299) return `HTTP ${status}${said === '' ? '' : `: ${said}`}`;
  try {
    const { partialSuccess } = JSON.parse(text) as { partialSuccess?: { rejectedDataPoints?: string | number } };
    if (Number(partialSuccess?.rejectedDataPoints ?? 0) > 0) return `it rejected points: ${said}`;
  } catch {
    // Any 2xx counts, even without a body.
  }
  return undefined;
}
