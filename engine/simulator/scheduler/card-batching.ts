import { type CardBatchingOptions, type CardStep, emptyStep, longestSequence } from './card-limits.js';
import { DecoderSet } from './decoders.js';
import type { BatchLoad, CardSchedule, Sequence, StepEvent, TokenEvent } from './schedule.js';
import { SequenceBlocks } from './sequence-blocks.js';
import { type DraftChecks, draftChecks } from './speculation.js';
import { draftsOf, ServedSequence } from './vllm-sequence.js';
import { WaitingLine } from './waiting-line.js';

/** Results of a step while it ends. */
interface EndingStep<S> extends StepEvent<S> {
  tokens: number;
  readonly first: S[];
  readonly last: S[];
  readonly resumed: { readonly sequence: S; readonly after: number }[];
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
export class CardBatching<S extends Sequence> implements CardSchedule<S> {
  readonly #options: CardBatchingOptions;
  readonly #blocks: SequenceBlocks<S>;
  readonly #drafts: DraftChecks | undefined;
  readonly #served = new Map<S, ServedSequence<S>>();
  readonly #waiting = new WaitingLine<ServedSequence<S>>();
  /** In order of admission. */
  readonly #running = new Set<ServedSequence<S>>();
  /** Running sequences that get a token in each step without further decisions. */
  readonly #steady: DecoderSet<ServedSequence<S>>;
  /** Other sequences of the running step. */
  #apart: ServedSequence<S>[] = [];
  #steps = 0;
  #stepEndsAt: number | undefined;
  readonly #counts = { preemptions: 0, generationTokens: 0, finished: 0 };
  readonly #longest: number;

  constructor(options: CardBatchingOptions) {
    const { speculation, seed, blockSize } = options;
    this.#options = options;
    this.#blocks = new SequenceBlocks(options);
    this.#drafts = speculation && draftChecks(speculation, seed);
    this.#steady = new DecoderSet(blockSize);
    this.#longest = longestSequence(options);
  }

  get load(): BatchLoad {
    return {
      running: this.#running.size,
      waiting: this.#waiting.size,
      cacheUsage: this.#blocks.usage,
      ...this.#counts,
      ...this.#blocks.counts,
      ...(this.#drafts && { drafted: this.#drafts.counts }),
    };
  }

  submit(sequence: S, at: number): void {
    const { promptTokens, tokens } = sequence;
    if (promptTokens + tokens > this.#longest) {
      throw new Error(`a sequence of ${promptTokens} + ${tokens} tokens is longer than the ${this.#longest} that fit`);
    }
    const each = new ServedSequence(sequence, at);
    this.#served.set(sequence, each);
    this.#waiting.join(each);
    if (this.#stepEndsAt === undefined) this.#beginStep(at);
  }

  cancel(sequence: S): void {
    const each = this.#served.get(sequence);
    if (each === undefined) return;
    this.#waiting.leave(each);
    this.#leave(each);
  }

  nextEventAt(): number | undefined {
    return this.#stepEndsAt;
  }

  advance(now: number): TokenEvent<S>[] {
    const events: TokenEvent<S>[] = [];
    this.#catchUp(now, events);
    return events;
  }

  advanceSteps(now: number): StepEvent<S>[] {
    return this.#catchUp(now);
  }

  /** Runs all steps up to `now`. */
  #catchUp(now: number, events?: TokenEvent<S>[]): StepEvent<S>[] {
    const done: StepEvent<S>[] = [];
    while (this.#stepEndsAt !== undefined && this.#stepEndsAt <= now) {
      const at = this.#stepEndsAt;
      done.push(this.#endStep(at, events));
      this.#beginStep(at);
    }
    return done;
  }

  #beginStep(earliest: number): void {
    const { maxNumBatchedTokens, maxNumSeqs, stepCost } = this.#options;
    const step = emptyStep();
    const before = this.#counts.preemptions;
    this.#apart = [];
    let budget = this.#continueSteady(maxNumBatchedTokens, step) ?? this.#continueApart(maxNumBatchedTokens, step);
    let at = earliest;
    while (this.#counts.preemptions === before && budget > 0 && this.#running.size < maxNumSeqs) {
      const next = this.#waiting.first;
      if (next === undefined) break;
      if (this.#running.size === 0) at = Math.max(at, next.arrivedAt);
      // A late caller may have submitted it after the instant at which this step begins: then it waits for the next.
      if (next.arrivedAt > at) break;
      const tokens = this.#blocks.admit(next, budget);
      if (tokens === 0) break;
      budget -= tokens;
      this.#admit(next);
      this.#schedule(next, tokens, step);
    }
    this.#stepEndsAt = step.sequences === 0 ? undefined : at + stepCost(step);
  }

  /** Does continueApart's work at once if all running sequences decode and fit. Else undefined. */
  #continueSteady(whole: number, step: CardStep): number | undefined {
    const { size, context, crossing } = this.#steady;
    if (size < this.#running.size || size > whole || !this.#blocks.cache.take(crossing)) return undefined;
    step.sequences = size;
    step.tokens = size;
    step.sampled = size;
    step.contextTokens = context + size;
    step.attended = context + size;
    return whole - size;
  }

  /** Schedules the next tokens of running sequences. Returns the rest of the budget. */
  #continueApart(whole: number, step: CardStep): number {
    this.#steady.clear(this.#running);
    const order = [...this.#running];
    let budget = whole;
    for (let i = 0; i < order.length && budget > 0; i += 1) {
      const each = order[i]!;
      each.drafts = draftsOf(each, budget, this.#options);
      const tokens = Math.min(each.missing + each.drafts, budget);
      while (each.state === 'running' && !this.#blocks.grow(each, tokens)) this.#preempt(order.pop()!);
      if (each.state !== 'running') break;
      this.#schedule(each, tokens, step);
      budget -= tokens;
    }
    return budget;
  }

  #admit(next: ServedSequence<S>): void {
    next.state = 'running';
    next.drafts = 0;
    this.#waiting.leave(next);
    this.#running.add(next);
  }

  #preempt(victim: ServedSequence<S>): void {
    this.#running.delete(victim);
    this.#blocks.release(victim);
    victim.computed = 0;
    victim.state = 'waiting';
    victim.preempted = true;
    victim.scheduled = 0;
    this.#waiting.preempt(victim);
    this.#counts.preemptions += 1;
  }

  #schedule(each: ServedSequence<S>, tokens: number, step: CardStep): void {
    const { sequence, computed, emitted, drafts } = each;
    each.scheduled = tokens;
    this.#apart.push(each);
    step.sequences += 1;
    step.tokens += tokens;
    if (computed + tokens >= sequence.promptTokens + emitted) step.sampled += 1 + drafts;
    step.contextTokens += computed + tokens;
    step.attended += tokens * (computed + (tokens + 1) / 2);
    if (drafts > 0) step.drafting += 1;
    else if (tokens > 1) step.prompts += 1;
  }

  /** Ends the running step; appends its tokens to `events`, if given. */
  #endStep(at: number, events?: TokenEvent<S>[]): StepEvent<S> {
    const step = this.#steps;
    this.#steps += 1;
    const ending: EndingStep<S> = { at, tokens: this.#steady.size, first: [], last: [], resumed: [] };
    if (events)
      for (const each of this.#running) if (each.since !== undefined) events.push(this.#steadyEvent(each, at));
    for (const each of this.#steady.pass(step)) this.#finish(each, ending);
    for (const each of this.#apart) {
      if (each.state === 'running' && each.scheduled > 0) this.#compute(each, step, ending, events);
    }
    this.#counts.generationTokens += ending.tokens;
    return ending;
  }

  /** Ends the step for a sequence apart. Its tokens are computed, and it may get one or more. */
  #compute(each: ServedSequence<S>, step: number, ending: EndingStep<S>, events?: TokenEvent<S>[]): void {
    const { sequence, scheduled, emittedIn } = each;
    each.scheduled = 0;
    const total = sequence.promptTokens + each.emitted;
    each.computed = Math.min(total, each.computed + scheduled);
    this.#blocks.offer(each);
    if (each.computed < total) return;
    const right = this.#drafts && each.drafts > 0 ? this.#drafts.check(each.drafts) : 0;
    const got = Math.min(1 + right, sequence.tokens - each.emitted);
    if (each.emitted === 0) ending.first.push(sequence);
    else if (emittedIn < step - 1) ending.resumed.push({ sequence, after: emittedIn });
    each.computed += got - 1;
    each.emitted += got;
    each.emittedIn = step;
    ending.tokens += got;
    const isLast = each.emitted >= sequence.tokens;
    if (events) {
      const event = { sequence, index: each.emitted - 1, at: ending.at, last: isLast };
      events.push(got === 1 ? event : { ...event, tokens: got });
    }
    if (isLast) this.#finish(each, ending);
    else if (!this.#drafts) this.#steady.add(each, step);
  }

  #steadyEvent(each: ServedSequence<S>, at: number): TokenEvent<S> {
    const index = this.#steady.emitted(each);
    return { sequence: each.sequence, index, at, last: index + 1 >= each.tokens };
  }

  #finish(each: ServedSequence<S>, ending: EndingStep<S>): void {
    ending.last.push(each.sequence);
    this.#counts.finished += 1;
    this.#leave(each);
  }

  #leave(each: ServedSequence<S>): void {
    if (each.since !== undefined) this.#steady.remove(each, true);
    each.state = 'gone';
    this.#running.delete(each);
    this.#blocks.release(each);
    this.#served.delete(each.sequence);
  }
}
