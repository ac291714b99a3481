import type { BatchLoad, BatchSchedule, Sequence, TokenEvent } from './schedule.js';
import type { StepCost } from './step-cost.js';

/** Limits of a batching engine. */
export interface BatchingOptions {
  /** Most sequences that run at once; others wait in order of arrival. */
  readonly maxNumSeqs: number;
  readonly stepCost: StepCost;
}

/** Cache size that such an engine reports, in tokens. Nothing waits for room, so usage may exceed 1. */
export const SUPPOSED_CACHE = 32_768;

/**
 * Continuous batching as in vLLM, as a discrete-event model without timers.
 *
 * The engine works in steps. When a step begins, waiting sequences are admitted first come first served while fewer than
 * `maxNumSeqs` run; the step's length follows from the batch so composed; when it ends every running sequence has one more
 * token, those just admitted their first, and sequences that are complete leave. An idle engine begins a step at once.
 */
export class ContinuousBatching<S extends Sequence> implements BatchSchedule<S> {
  readonly #options: BatchingOptions;
  /** Sequence → arrival. Maps keep insertion order and delete in constant time, so that a queue entry can be removed. */
  readonly #waiting = new Map<S, number>();
  /** Sequence → tokens it has. */
  readonly #running = new Map<S, number>();
  #contextTokens = 0;
  #generationTokens = 0;
  #finished = 0;
  #stepEndsAt: number | undefined;

  constructor(options: BatchingOptions) {
    this.#options = options;
  }

  get load(): BatchLoad {
    return {
      running: this.#running.size,
      waiting: this.#waiting.size,
      cacheUsage: this.#contextTokens / SUPPOSED_CACHE,
      preemptions: 0,
      // There is no prefix cache: nothing is looked up.
      prefixQueries: 0,
      prefixHits: 0,
      generationTokens: this.#generationTokens,
      finished: this.#finished,
    };
  }

  submit(sequence: S, at: number): void {
    this.#waiting.set(sequence, at);
    if (this.#stepEndsAt === undefined) this.#beginStep(at);
  }

  cancel(sequence: S): void {
    this.#waiting.delete(sequence);
    const tokens = this.#running.get(sequence);
    if (tokens !== undefined) this.#leave(sequence, tokens);
  }

  nextEventAt(): number | undefined {
    return this.#stepEndsAt;
  }

  advance(now: number): TokenEvent<S>[] {
    const events: TokenEvent<S>[] = [];
    while (this.#stepEndsAt !== undefined && this.#stepEndsAt <= now) {
      const at = this.#stepEndsAt;
      this.#endStep(at, events);
      this.#beginStep(at);
    }
    return events;
  }

  #beginStep(earliest: number): void {
    const { maxNumSeqs, stepCost } = this.#options;
    const decoding = this.#running.size;
    const cached = this.#contextTokens;
    let at = earliest;
    let prefillTokens = 0;
    for (const [sequence, arrivedAt] of this.#waiting) {
      if (this.#running.size === 0) at = Math.max(at, arrivedAt);
      // A late caller may have submitted it after the instant at which this step begins: then it waits for the next.
      if (this.#running.size >= maxNumSeqs || arrivedAt > at) break;
      this.#waiting.delete(sequence);
      this.#running.set(sequence, 0);
      prefillTokens += sequence.promptTokens;
    }
    this.#contextTokens += prefillTokens;
    const prefilling = this.#running.size - decoding;
    const cost = { decoding, prefilling, prefillTokens, contextTokens: cached };
    this.#stepEndsAt = this.#running.size === 0 ? undefined : at + stepCost(cost);
  }

  #endStep(at: number, events: TokenEvent<S>[]): void {
    this.#generationTokens += this.#running.size;
    for (const [sequence, index] of this.#running) {
      const last = index + 1 >= sequence.tokens;
      events.push({ sequence, index, at, last });
      if (last) {
        this.#finished += 1;
        this.#leave(sequence, index);
      } else {
        this.#running.set(sequence, index + 1);
        this.#contextTokens += 1;
      }
    }
  }

  #leave(sequence: S, tokens: number): void {
    this.#running.delete(sequence);
    this.#contextTokens -= sequence.promptTokens + tokens;
  }
}
