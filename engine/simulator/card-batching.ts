import { type CardBatchingOptions, type CardStep, longestSequence } from './card-limits.js';
import { type Holding, type KvBlocks, kvBlocks, noBlocks } from './kv-blocks.js';
import type { BatchLoad, BatchSchedule, Sequence, TokenEvent } from './schedule.js';
import { draftChecks } from './speculation.js';

interface Served<S> {
  readonly sequence: S;
  readonly arrivedAt: number;
  readonly holding: Holding;
  readonly hashes: readonly number[];
  /** Tokens whose keys and values are in the cache. */
  computed: number;
  /** Tokens that it has got. */
  emitted: number;
  /** Tokens that the running step computes. */
  scheduled: number;
  drafts: number;
  preempted: boolean;
  state: 'waiting' | 'running' | 'gone';
}

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
export function cardBatching<S extends Sequence>(options: CardBatchingOptions): BatchSchedule<S> {
  const { blockSize, maxModelLen, maxNumSeqs, maxNumBatchedTokens, chunkedPrefill, prefixCaching } = options;
  const { speculation, stepCost } = options;
  const cache: KvBlocks = kvBlocks(options.blocks);
  const drafts = speculation && draftChecks(speculation, options.seed);
  const served = new Map<S, Served<S>>();
  /** By arrival. */
  const waiting = new Set<Served<S>>();
  /** Those that have lost their place, the next to come back last. */
  const preempted: Served<S>[] = [];
  /** By admission. */
  let running: Served<S>[] = [];
  let stepEndsAt: number | undefined;
  const counts = { preemptions: 0, prefixQueries: 0, prefixHits: 0, generationTokens: 0, finished: 0 };
  const longest = longestSequence(options);
  const blocksFor = (tokens: number) => Math.ceil(tokens / blockSize);

  function beginStep(earliest: number): void {
    const step: CardStep = { sequences: 0, tokens: 0, sampled: 0, contextTokens: 0, attended: 0, drafting: 0 };
    const before = counts.preemptions;
    let budget = continueRunning(maxNumBatchedTokens, step);
    let at = earliest;
    while (counts.preemptions === before && budget > 0 && running.length < maxNumSeqs) {
      const next = preempted.at(-1) ?? firstOf(waiting);
      if (next === undefined) break;
      if (running.length === 0) at = Math.max(at, next.arrivedAt);
      // A late caller may have submitted it after the instant at which this step begins: then it has to wait for the next.
      if (next.arrivedAt > at) break;
      const tokens = admit(next, budget);
      if (tokens === 0) break;
      budget -= tokens;
      schedule(next, tokens, step);
    }
    stepEndsAt = step.sequences === 0 ? undefined : at + stepCost(step);
  }

  /** Gives those that run what they need for their next tokens, and returns what is left of the budget. */
  function continueRunning(whole: number, step: CardStep): number {
    let budget = whole;
    for (let i = 0; i < running.length && budget > 0; i += 1) {
      const each = running[i]!;
      const missing = each.sequence.promptTokens + each.emitted - each.computed;
      each.drafts = speculation && missing === 1 ? Math.min(speculation.tokens, budget - 1, draftRoom(each)) : 0;
      const tokens = Math.min(missing + each.drafts, budget);
      while (each.state === 'running' && !cache.grow(each.holding, blocksFor(each.computed + tokens))) {
        preempt(running.at(-1)!);
      }
      if (each.state !== 'running') break;
      schedule(each, tokens, step);
      budget -= tokens;
    }
    return budget;
  }

  /** Drafts beyond the longest sequence would have no place. */
  function draftRoom({ computed }: Served<S>): number {
    return Math.max(0, maxModelLen - computed - 1);
  }

  function preempt(victim: Served<S>): void {
    running.pop();
    cache.release(victim.holding);
    victim.computed = 0;
    victim.state = 'waiting';
    victim.preempted = true;
    victim.scheduled = 0;
    preempted.push(victim);
    counts.preemptions += 1;
  }

  /** Lets the next in the queue run where there is room, and says how many of its tokens are computed now; 0 where there is none. */
  function admit(next: Served<S>, budget: number): number {
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
    running.push(next);
    return tokens;
  }

  function schedule(each: Served<S>, tokens: number, step: CardStep): void {
    const { sequence, computed, emitted, drafts } = each;
    each.scheduled = tokens;
    step.sequences += 1;
    step.tokens += tokens;
    if (computed + tokens >= sequence.promptTokens + emitted) step.sampled += 1 + drafts;
    step.contextTokens += computed + tokens;
    step.attended += tokens * (computed + (tokens + 1) / 2);
    if (drafts > 0) step.drafting += 1;
  }

  function endStep(at: number, events: TokenEvent<S>[]): void {
    let ended = 0;
    for (const each of running) {
      const { sequence, scheduled } = each;
      if (scheduled === 0) continue;
      each.scheduled = 0;
      const total = sequence.promptTokens + each.emitted;
      each.computed = Math.min(total, each.computed + scheduled);
      if (prefixCaching) cache.offer(each.holding, each.hashes, Math.floor(each.computed / blockSize));
      if (each.computed < total) continue;
      const right = drafts && each.drafts > 0 ? drafts.check(each.drafts) : 0;
      const tokens = Math.min(1 + right, sequence.tokens - each.emitted);
      each.computed += tokens - 1;
      each.emitted += tokens;
      counts.generationTokens += tokens;
      const last = each.emitted >= sequence.tokens;
      const event = { sequence, index: each.emitted - 1, at, last };
      events.push(tokens === 1 ? event : { ...event, tokens });
      if (!last) continue;
      ended += 1;
      counts.finished += 1;
      leave(each);
    }
    if (ended > 0) running = running.filter(({ state }) => state === 'running');
  }

  function leave(each: Served<S>): void {
    each.state = 'gone';
    cache.release(each.holding);
    served.delete(each.sequence);
  }

  return {
    get load(): BatchLoad {
      const used = cache.capacity - cache.free;
      const state = { running: running.length, waiting: waiting.size + preempted.length };
      return {
        ...state,
        cacheUsage: used / cache.capacity,
        ...counts,
        ...(drafts && { drafted: drafts.counts }),
      };
    },
    submit(sequence, at) {
      const { promptTokens, tokens, promptBlocks = [] } = sequence;
      if (promptTokens + tokens > longest) {
        throw new Error(`a sequence of ${promptTokens} + ${tokens} tokens is longer than the ${longest} that fit`);
      }
      const each: Served<S> = {
        ...{
          sequence,
          arrivedAt: at,
          holding: noBlocks(),
          hashes: promptBlocks.slice(0, Math.floor(promptTokens / blockSize)),
        },
        ...{ computed: 0, emitted: 0, scheduled: 0, drafts: 0, preempted: false, state: 'waiting' },
      };
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
      running = running.filter(({ state }) => state === 'running');
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

function firstOf<T>(set: ReadonlySet<T>): T | undefined {
  for (const each of set) return each;
  return undefined;
}
