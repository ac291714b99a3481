import { type CardBatchingOptions, type CardStep, longestSequence } from './card-limits.js';
import { decoders } from './decoders.js';
import { type KvBlocks, kvBlocks } from './kv-blocks.js';
import type { BatchLoad, CardSchedule, Sequence, StepEvent, TokenEvent } from './schedule.js';
import { draftChecks } from './speculation.js';
import { ServedSequence } from './vllm-sequence.js';

/**
 * vLLM's scheduler (V1) on a card, as a discrete-event model without timers.
 *
 * Before each step there is a budget of `maxNumBatchedTokens`. Sequences that run come first, in order of admission: each gets its
 * next token computed, or the next chunk of its prompt. Where the cache has no block left for one, the last admitted loses all of its
 * own, goes back to the head of the queue and computes everything anew later, answer so far included. If that happened to none, waiting
 * sequences are admitted in order of arrival while there is budget, a place among `maxNumSeqs` and room for their blocks, a prompt
 * longer than the budget in chunks. When the step ends, each sequence all of whose tokens are computed has one more, and those drafts
 * that were right.
 */
export function cardBatching<S extends Sequence>(options: CardBatchingOptions): CardSchedule<S> {
  const { blockSize, maxModelLen, maxNumSeqs, maxNumBatchedTokens, chunkedPrefill, prefixCaching } = options;
  const { speculation, stepCost } = options;
  const cache: KvBlocks = kvBlocks(options.blocks);
  const drafts = speculation && draftChecks(speculation, options.seed);
  const served = new Map<S, ServedSequence<S>>();
  /** In order of arrival. */
  const waiting = new Set<ServedSequence<S>>();
  /** Preempted sequences, the next to be resumed last. */
  const preempted: ServedSequence<S>[] = [];
  /** In order of admission. */
  const running = new Set<ServedSequence<S>>();
  /** Running sequences that get a token in each step, and need no decision of their own. */
  const steady = decoders<ServedSequence<S>>(blockSize);
  /** Other sequences of the running step. */
  let apart: ServedSequence<S>[] = [];
  let steps = 0;
  let stepEndsAt: number | undefined;
  const counts = { preemptions: 0, prefixQueries: 0, prefixHits: 0, generationTokens: 0, finished: 0 };
  const longest = longestSequence(options);
  const blocksFor = (tokens: number) => Math.ceil(tokens / blockSize);

  function beginStep(earliest: number): void {
    const step: CardStep = { sequences: 0, tokens: 0, sampled: 0, contextTokens: 0, attended: 0, drafting: 0 };
    const before = counts.preemptions;
    apart = [];
    let budget = continueSteady(maxNumBatchedTokens, step) ?? continueApart(maxNumBatchedTokens, step);
    let at = earliest;
    while (counts.preemptions === before && budget > 0 && running.size < maxNumSeqs) {
      const next = preempted.at(-1) ?? firstOf(waiting);
      if (next === undefined) break;
      if (running.size === 0) at = Math.max(at, next.arrivedAt);
      // A late caller may have submitted it after the instant at which this step begins: then it waits for the next.
      if (next.arrivedAt > at) break;
      const tokens = admit(next, budget);
      if (tokens === 0) break;
      budget -= tokens;
      schedule(next, tokens, step);
    }
    stepEndsAt = step.sequences === 0 ? undefined : at + stepCost(step);
  }

  /** Does continueApart's work at once if all running sequences decode and fit; else undefined. */
  function continueSteady(whole: number, step: CardStep): number | undefined {
    const { size, context } = steady;
    if (size < running.size || size > whole || !cache.take(steady.crossing)) return undefined;
    step.sequences = size;
    step.tokens = size;
    step.sampled = size;
    step.contextTokens = context + size;
    step.attended = context + size;
    return whole - size;
  }

  /** Schedules the next tokens of running sequences; returns the rest of the budget. */
  function continueApart(whole: number, step: CardStep): number {
    steady.clear(running);
    const order = [...running];
    let budget = whole;
    for (let i = 0; i < order.length && budget > 0; i += 1) {
      const each = order[i]!;
      const { missing } = each;
      each.drafts = speculation && missing === 1 ? Math.min(speculation.tokens, budget - 1, draftRoom(each)) : 0;
      const tokens = Math.min(missing + each.drafts, budget);
      while (each.state === 'running' && !cache.grow(each.holding, blocksFor(each.computed + tokens))) {
        preempt(order.pop()!);
      }
      if (each.state !== 'running') break;
      schedule(each, tokens, step);
      budget -= tokens;
    }
    return budget;
  }

  /** Drafts that fit within the longest sequence. */
  function draftRoom({ computed }: ServedSequence<S>): number {
    return Math.max(0, maxModelLen - computed - 1);
  }

  function preempt(victim: ServedSequence<S>): void {
    running.delete(victim);
    release(victim);
    victim.computed = 0;
    victim.state = 'waiting';
    victim.preempted = true;
    victim.scheduled = 0;
    preempted.push(victim);
    counts.preemptions += 1;
  }

  /** Admits the next waiting sequence if it fits; returns its tokens computed now, else 0. */
  function admit(next: ServedSequence<S>, budget: number): number {
    const total = next.sequence.promptTokens + next.emitted;
    // At least one token has to be computed, or there would be nothing to go on from.
    const found = prefixCaching ? cache.find(next.hashes, Math.floor((total - 1) / blockSize)) : 0;
    const missing = total - found * blockSize;
    if (!chunkedPrefill && missing > budget) return 0;
    const tokens = Math.min(missing, budget);
    if (!cache.open(next.holding, next.hashes, found, blocksFor(found * blockSize + tokens))) return 0;
    if (prefixCaching && !next.preempted) {
      counts.prefixQueries += total;
      counts.prefixHits += found * blockSize;
    }
    next.computed = found * blockSize;
    next.state = 'running';
    next.drafts = 0;
    if (preempted.at(-1) === next) preempted.pop();
    else waiting.delete(next);
    running.add(next);
    return tokens;
  }

  function schedule(each: ServedSequence<S>, tokens: number, step: CardStep): void {
    const { sequence, computed, emitted, drafts } = each;
    each.scheduled = tokens;
    apart.push(each);
    step.sequences += 1;
    step.tokens += tokens;
    if (computed + tokens >= sequence.promptTokens + emitted) step.sampled += 1 + drafts;
    step.contextTokens += computed + tokens;
    step.attended += tokens * (computed + (tokens + 1) / 2);
    if (drafts > 0) step.drafting += 1;
  }

  /** Ends the running step; appends its tokens to `events`, if given. */
  function endStep(at: number, events?: TokenEvent<S>[]): StepEvent<S> {
    const step = steps;
    steps += 1;
    const first: S[] = [];
    const last: S[] = [];
    const resumed: { sequence: S; after: number }[] = [];
    let tokens = steady.size;
    if (events) for (const each of running) if (each.since !== undefined) events.push(steadyEvent(each, at));
    for (const each of steady.pass(step)) {
      last.push(each.sequence);
      finish(each);
    }
    for (const each of apart) {
      const { sequence, scheduled, emittedIn } = each;
      if (each.state !== 'running' || scheduled === 0) continue;
      each.scheduled = 0;
      const total = sequence.promptTokens + each.emitted;
      each.computed = Math.min(total, each.computed + scheduled);
      if (prefixCaching) cache.offer(each.holding, each.hashes, Math.floor(each.computed / blockSize));
      if (each.computed < total) continue;
      const right = drafts && each.drafts > 0 ? drafts.check(each.drafts) : 0;
      const got = Math.min(1 + right, sequence.tokens - each.emitted);
      if (each.emitted === 0) first.push(sequence);
      else if (emittedIn < step - 1) resumed.push({ sequence, after: emittedIn });
      each.computed += got - 1;
      each.emitted += got;
      each.emittedIn = step;
      tokens += got;
      const isLast = each.emitted >= sequence.tokens;
      if (events) {
        const event = { sequence, index: each.emitted - 1, at, last: isLast };
        events.push(got === 1 ? event : { ...event, tokens: got });
      }
      if (isLast) {
        last.push(sequence);
        finish(each);
      } else if (!drafts) steady.add(each, step);
    }
    counts.generationTokens += tokens;
    return { at, tokens, first, last, resumed };
  }

  function steadyEvent(each: ServedSequence<S>, at: number): TokenEvent<S> {
    const index = steady.emitted(each);
    return { sequence: each.sequence, index, at, last: index + 1 >= each.tokens };
  }

  function finish(each: ServedSequence<S>): void {
    counts.finished += 1;
    leave(each);
  }

  /** Frees a sequence's blocks; those computed stay in the prefix cache. */
  function release({ holding, hashes, computed }: ServedSequence<S>): void {
    if (prefixCaching) cache.offer(holding, hashes, Math.floor(computed / blockSize));
    cache.release(holding);
  }

  function leave(each: ServedSequence<S>): void {
    if (each.since !== undefined) steady.remove(each, true);
    each.state = 'gone';
    running.delete(each);
    release(each);
    served.delete(each.sequence);
  }

  /** Runs all steps up to `now`. */
  function catchUp(now: number, events?: TokenEvent<S>[]): StepEvent<S>[] {
    const done: StepEvent<S>[] = [];
    while (stepEndsAt !== undefined && stepEndsAt <= now) {
      const at = stepEndsAt;
      done.push(endStep(at, events));
      beginStep(at);
    }
    return done;
  }

  return {
    get load(): BatchLoad {
      const cacheUsage = 1 - cache.free / cache.capacity;
      const state = { running: running.size, waiting: waiting.size + preempted.length, cacheUsage };
      return { ...state, ...counts, ...(drafts && { drafted: drafts.counts }) };
    },
    submit(sequence, at) {
      const { promptTokens, tokens } = sequence;
      if (promptTokens + tokens > longest) {
        throw new Error(`a sequence of ${promptTokens} + ${tokens} tokens is longer than the ${longest} that fit`);
      }
      const each = new ServedSequence(sequence, at);
      served.set(sequence, each);
      waiting.add(each);
      if (stepEndsAt === undefined) beginStep(at);
    },
    cancel(sequence) {
      const each = served.get(sequence);
      if (each === undefined) return;
      waiting.delete(each);
      if (preempted.includes(each)) preempted.splice(preempted.indexOf(each), 1);
      leave(each);
    },
    nextEventAt: () => stepEndsAt,
    advance(now) {
      const events: TokenEvent<S>[] = [];
      catchUp(now, events);
      return events;
    },
    advanceSteps: (now) => catchUp(now),
  };
}

function firstOf<T>(set: ReadonlySet<T>): T | undefined {
  for (const each of set) return each;
  return undefined;
}
