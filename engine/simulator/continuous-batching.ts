import type { Schedule, Sequence, TokenEvent } from './schedule.js';
import type { StepCost } from './step-cost.js';

/** The two properties of an engine that decide how it batches. */
export interface BatchingOptions {
  /** The most sequences that run at once; the rest wait in order of arrival. */
  readonly maxNumSeqs: number;
  readonly stepCost: StepCost;
}

/** A schedule that sequences join at the end of the running step. */
export interface BatchSchedule<S> extends Schedule<S> {
  /** How many sequences run and wait, and the tokens in the key-value cache of those that run. */
  readonly load: { readonly running: number; readonly waiting: number; readonly contextTokens: number };
  /** Takes a sequence that arrives at `at`; arrivals must come in order of time. */
  submit(sequence: S, at: number): void;
}

/**
 * Continuous batching as vLLM does it, as a discrete-event model without timers.
 *
 * The engine works in steps. When a step begins, waiting sequences are admitted first come first served while fewer than
 * `maxNumSeqs` run; the step's length follows from the batch so composed; when it ends every running sequence has one more
 * token, those just admitted their first, and sequences that are complete leave. An idle engine begins a step at once.
 */
export function continuousBatching<S extends Sequence>({ maxNumSeqs, stepCost }: BatchingOptions): BatchSchedule<S> {
  /** Sequence → arrival. Maps keep the order of insertion and delete in constant time: a queue that can be left. */
  const waiting = new Map<S, number>();
  /** Sequence → tokens it has. */
  const running = new Map<S, number>();
  let contextTokens = 0;
  let stepEndsAt: number | undefined;

  function beginStep(earliest: number): void {
    const decoding = running.size;
    const cached = contextTokens;
    let at = earliest;
    let prefillTokens = 0;
    for (const [sequence, arrivedAt] of waiting) {
      if (running.size === 0) at = Math.max(at, arrivedAt);
      // A late caller may have submitted it after the instant at which this step begins: then it has to wait for the next.
      if (running.size >= maxNumSeqs || arrivedAt > at) break;
      waiting.delete(sequence);
      running.set(sequence, 0);
      prefillTokens += sequence.promptTokens;
    }
    contextTokens += prefillTokens;
    const prefilling = running.size - decoding;
    stepEndsAt =
      running.size === 0 ? undefined : at + stepCost({ decoding, prefilling, prefillTokens, contextTokens: cached });
  }

  function endStep(at: number, events: TokenEvent<S>[]): void {
    for (const [sequence, index] of running) {
      const last = index + 1 >= sequence.tokens;
      events.push({ sequence, index, at, last });
      if (last) leave(sequence, index);
      else {
        running.set(sequence, index + 1);
        contextTokens += 1;
      }
    }
  }

  function leave(sequence: S, tokens: number): void {
    running.delete(sequence);
    contextTokens -= sequence.promptTokens + tokens;
  }

  return {
    get load() {
      return { running: running.size, waiting: waiting.size, contextTokens };
    },
    submit(sequence, at) {
      waiting.set(sequence, at);
      if (stepEndsAt === undefined) beginStep(at);
    },
    cancel(sequence) {
      waiting.delete(sequence);
      const tokens = running.get(sequence);
      if (tokens !== undefined) leave(sequence, tokens);
    },
    nextEventAt: () => stepEndsAt,
    advance(now) {
      const events: TokenEvent<S>[] = [];
      while (stepEndsAt !== undefined && stepEndsAt <= now) {
        endStep(stepEndsAt, events);
        beginStep(stepEndsAt);
      }
      return events;
    },
  };
}
