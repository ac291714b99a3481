import type { BatchLoad, CardSchedule, Sequence, StepEvent, TokenEvent } from '../scheduler/schedule.js';
import { ApiProcess, type Message } from './api-process.js';
import type { FrontEndCosts } from './front-end-costs.js';

/** Part of an engine step that one process sends. As a whole or, where single tokens are asked for, by them. */
interface Part<S> extends Message {
  readonly content: Omit<StepEvent<S>, 'at'> | readonly TokenEvent<S>[];
  /** Load of the engine after the step. */
  readonly load: BatchLoad;
}

interface Owned {
  /** Index of its process. */
  readonly lane: number;
  /** Tokens that the client has. */
  sent: number;
}

/**
 * Engine behind the API processes of its front-end. The engine does not wait for them: what they have not sent yet waits in their
 * queues, and their reports of the engine's load are as old. Requests go to the processes in turn.
 */
export class FrontedSchedule<S extends Sequence> implements CardSchedule<S> {
  readonly #engine: CardSchedule<S>;
  readonly #costs: FrontEndCosts;
  readonly #processes: ApiProcess<S, Part<S>>[];
  readonly #owners = new Map<S, Owned>();
  /** Sequences of each process that the engine generates for. */
  readonly #active: number[];
  #submitted = 0;
  #reported: BatchLoad;
  #isByToken = false;
  #steps: StepEvent<S>[] = [];
  #events: TokenEvent<S>[] = [];

  constructor(engine: CardSchedule<S>, costs: FrontEndCosts) {
    this.#engine = engine;
    this.#costs = costs;
    this.#reported = engine.load;
    this.#active = Array.from({ length: costs.processes }, () => 0);
    this.#processes = this.#active.map(() => {
      return new ApiProcess<S, Part<S>>(costs, {
        admit: (sequence, at) => engine.submit(sequence, at),
        handled: ({ load }) => {
          this.#reported = load;
        },
        send: (part, at) => this.#send(part, at),
      });
    });
  }

  /** Load as the front-end last heard of it. */
  get load(): BatchLoad {
    return this.#reported;
  }

  submit(sequence: S, at: number): void {
    const lane = this.#submitted % this.#processes.length;
    this.#submitted += 1;
    this.#owners.set(sequence, { lane, sent: 0 });
    this.#processes[lane]!.enter(sequence, sequence.promptTokens, at);
  }

  cancel(sequence: S): void {
    const owner = this.#owners.get(sequence);
    if (!owner) return;
    this.#owners.delete(sequence);
    if (!this.#processes[owner.lane]!.leave(sequence)) this.#engine.cancel(sequence);
  }

  nextEventAt(): number | undefined {
    const at = this.#next().at;
    return at === Number.POSITIVE_INFINITY ? undefined : at;
  }

  advance(now: number): readonly TokenEvent<S>[] {
    this.#isByToken = true;
    this.#catchUp(now);
    const events = this.#events;
    this.#events = [];
    this.#steps = [];
    return events;
  }

  advanceSteps(now: number): readonly StepEvent<S>[] {
    this.#isByToken = false;
    this.#catchUp(now);
    const steps = this.#steps;
    this.#steps = [];
    return steps;
  }

  #next(): { readonly at: number; readonly process: ApiProcess<S, Part<S>> | undefined } {
    let at = this.#engine.nextEventAt() ?? Number.POSITIVE_INFINITY;
    let process: ApiProcess<S, Part<S>> | undefined;
    for (const each of this.#processes) {
      const due = each.nextEventAt();
      if (due < at) [at, process] = [due, each];
    }
    return { at, process };
  }

  #catchUp(now: number): void {
    for (;;) {
      const { at, process } = this.#next();
      if (at > now || at === Number.POSITIVE_INFINITY) return;
      if (process) process.advance();
      else this.#endStep(at);
    }
  }

  #endStep(at: number): void {
    if (this.#isByToken) {
      const events = this.#engine.advance(at);
      this.#processes.forEach((process, lane) => {
        const own =
          this.#processes.length === 1 ? events : events.filter((event) => this.#laneOf(event.sequence) === lane);
        const tokens = own.reduce((sum, event) => sum + (event.tokens ?? 1), 0);
        process.receive({ tokens, streams: own.length, content: own, load: this.#engine.load }, at);
      });
      return;
    }
    for (const step of this.#engine.advanceSteps(at)) {
      for (const sequence of step.first) this.#active[this.#laneOf(sequence)]! += 1;
      const all = this.#active.reduce((sum, count) => sum + count, 0);
      this.#processes.forEach((process, lane) => {
        const tokens = all === 0 ? 0 : Math.round((step.tokens * this.#active[lane]!) / all);
        process.receive(
          {
            tokens,
            streams: Math.min(tokens, this.#active[lane]!),
            content: this.#partOf(step, lane, tokens),
            load: this.#engine.load,
          },
          at,
        );
      });
      for (const sequence of step.last) this.#active[this.#laneOf(sequence)]! -= 1;
    }
  }

  #partOf(step: StepEvent<S>, lane: number, tokens: number): Omit<StepEvent<S>, 'at'> {
    const { first, last, resumed } = step;
    if (this.#processes.length === 1) return { tokens, first, last, resumed, lane };
    const isOwn = (sequence: S) => this.#laneOf(sequence) === lane;
    return {
      ...{ tokens, lane, first: first.filter(isOwn), last: last.filter(isOwn) },
      resumed: resumed.filter(({ sequence }) => isOwn(sequence)),
    };
  }

  #laneOf(sequence: S): number {
    return this.#owners.get(sequence)?.lane ?? 0;
  }

  #send({ content }: Part<S>, at: number): void {
    if ('first' in content) {
      this.#steps.push({ ...content, at });
      for (const sequence of content.last) this.#owners.delete(sequence);
      return;
    }
    for (const event of content) {
      const owner = this.#owners.get(event.sequence);
      const count = event.index + 1;
      // A client that has left, or tokens that are held back until there are enough.
      if (!owner || !(event.last || event.index === 0 || count - owner.sent >= this.#costs.streamInterval)) continue;
      owner.sent = count;
      this.#events.push({ ...event, at });
      if (event.last) this.#owners.delete(event.sequence);
    }
  }
}
