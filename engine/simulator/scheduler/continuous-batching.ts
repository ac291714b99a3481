import type { BatchSchedule, Sequence, TokenEvent } from './schedule.js';
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
export function continuousBatching<S extends Sequence>({ maxNumSeqs, stepCost }: BatchingOptions): BatchSchedule<S> {
  /**
   * Sequence → arrival. Maps keep insertion order and delete in constant time, so that a queue entry can be removed.
   */
  const waiting = new Map<S, number>();
  /** Sequence → tokens it has. */
  const running = new Map<S, number>();
  let contextTokens = 0;
  let promptTokens = 0;
  let generationTokens = 0;
  let finished = 0;
  let stepEndsAt: number | undefined;

  function beginStep(earliest: number): void {
    const decoding = running.size;
    const cached = contextTokens;
    let at = earliest;
    let prefillTokens = 0;
    for (const [sequence, arrivedAt] of waiting) {
      if (running.size === 0) at = Math.max(at, arrivedAt);
      // A late caller may have submitted it after the instant at which this step begins: then it waits for the next.
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
    generationTokens += running.size;
    for (const [sequence, index] of running) {
      const last = index + 1 >= sequence.tokens;
      events.push({ sequence, index, at, last });
      if (last) {
        finished += 1;
        leave(sequence, index);
      } else {
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
      return {
        running: running.size,
        waiting: waiting.size,
        cacheUsage: contextTokens / SUPPOSED_CACHE,
        preemptions: 0,
        // There is no prefix cache: nothing is ever found.
        prefixQueries: promptTokens,
        prefixHits: 0,
        generationTokens,
        finished,
      };
    },
    submit(sequence, at) {
      promptTokens += sequence.promptTokens;
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
