import TinyQueue from 'tinyqueue';
import type { FrontEndCosts } from './front-end-costs.js';

/** Result of an engine step as a process receives it. */
export interface Message {
  /** Tokens in it. */
  readonly tokens: number;
  /** Streams that they belong to. */
  readonly streams: number;
}

/** Effects of a process on the rest of the server. */
export interface Effects<Request, Sent extends Message> {
  /** Hands a request to the engine. */
  readonly admit: (request: Request, at: number) => void;
  /** Takes note of a message whose tokens have been handled. */
  readonly handled: (message: Sent) => void;
  /** Sends the tokens of a message to their clients. */
  readonly send: (message: Sent, at: number) => void;
}

interface Entering<Request> {
  readonly request: Request;
  readonly promptTokens: number;
  turnsLeft: number;
  readyAt: number;
}

/**
 * Event loop of one API process of vLLM, as a discrete-event model without timers.
 *
 * It works in turns. First it handles messages from the engine: all that have come, token by token, but no further than a chunk's end
 * within a message. Then each request that is ready advances by one stage; the last hands it to the engine. Then each stream with new
 * tokens sends them as one event. So a stream that falls behind sends several tokens at once, unless messages are longer than a chunk:
 * then a turn sends one token to each, and messages wait.
 */
export class ApiProcess<Request, Sent extends Message> {
  readonly #costs: FrontEndCosts;
  readonly #effects: Effects<Request, Sent>;
  readonly #messages: Sent[] = [];
  #nextMessage = 0;
  /** Tokens of the next message that have been handled. */
  #handled = 0;
  /** Handled messages that have not been sent, and the events of this turn. */
  #unsent: Sent[] = [];
  #events = 0;
  readonly #entering = new Set<Entering<Request>>();
  /** Requests in the pool that tokenizes, by their end. */
  readonly #tokenizing = new TinyQueue<Entering<Request>>([], (a, b) => a.readyAt - b.readyAt);
  #turn: Entering<Request>[] = [];
  /** Running piece of work, and its end. */
  #work: (() => void) | undefined;
  #endsAt = Number.POSITIVE_INFINITY;
  #isHandling = true;

  constructor(costs: FrontEndCosts, effects: Effects<Request, Sent>) {
    this.#costs = costs;
    this.#effects = effects;
  }

  /** Requests that have not reached the engine. */
  get entering(): number {
    return this.#entering.size + this.#tokenizing.length;
  }

  enter(request: Request, promptTokens: number, at: number): void {
    this.#entering.add({ request, promptTokens, turnsLeft: this.#costs.requestTurns, readyAt: at });
    if (this.#work === undefined) this.#next(at);
  }

  /** Removes a request that has not reached the engine. False if there is no such. */
  leave(request: Request): boolean {
    for (const each of [...this.#entering, ...this.#tokenizing.data]) {
      if (each.request !== request) continue;
      each.turnsLeft = -1;
      this.#entering.delete(each);
      return true;
    }
    return false;
  }

  receive(message: Sent, at: number): void {
    this.#messages.push(message);
    if (this.#work === undefined) this.#next(at);
  }

  nextEventAt(): number {
    return Math.min(this.#endsAt, this.#tokenizing.peek()?.readyAt ?? Number.POSITIVE_INFINITY);
  }

  /** Ends the piece of work that is due first. */
  advance(): void {
    const tokenized = this.#tokenizing.peek();
    if (tokenized && tokenized.readyAt <= this.#endsAt) {
      this.#tokenizing.pop();
      if (tokenized.turnsLeft >= 0) this.#entering.add(tokenized);
      if (this.#work === undefined) this.#next(tokenized.readyAt);
      return;
    }
    const at = this.#endsAt;
    const work = this.#work;
    this.#work = undefined;
    work?.();
    this.#next(at);
  }

  #begin(at: number, milliseconds: number, end: () => void): void {
    this.#endsAt = at + milliseconds;
    this.#work = end;
  }

  #next(at: number): void {
    const message = this.#messages[this.#nextMessage];
    if (this.#isHandling && message !== undefined) {
      this.#handle(message, at);
      return;
    }
    if (this.#isHandling) this.#endHandling();
    for (let each = this.#turn.pop(); each !== undefined; each = this.#turn.pop()) {
      if (each.turnsLeft <= 0) continue;
      const entering = each;
      this.#begin(at, this.#costs.requestMs / this.#costs.requestTurns, () => this.#advance(entering));
      return;
    }
    this.#isHandling = true;
    if (this.#events > 0 || this.#unsent.length > 0) {
      const sent = this.#unsent;
      this.#begin(at, this.#events * this.#costs.eventMs, () => {
        for (const each of sent) this.#effects.send(each, this.#endsAt);
      });
      this.#unsent = [];
      this.#events = 0;
    } else if (message !== undefined || this.#entering.size > 0) {
      this.#next(at);
    } else {
      this.#endsAt = Number.POSITIVE_INFINITY;
    }
  }

  #handle(message: Sent, at: number): void {
    const { chunkTokens, messageMs, tokenMs } = this.#costs;
    const tokens = Math.min(chunkTokens, message.tokens - this.#handled);
    const first = this.#handled === 0 && tokens > 0 ? messageMs : 0;
    this.#begin(at, first + tokens * tokenMs, () => {
      this.#handled += tokens;
      const share = message.tokens === 0 ? 0 : tokens / message.tokens;
      const events = this.#eventsOf(message.streams * share);
      if (this.#handled < message.tokens) {
        this.#events += events;
        this.#endHandling();
        return;
      }
      // Streams that have unsent tokens already get these into the same event.
      this.#events = message.tokens > chunkTokens ? this.#events + events : Math.max(this.#events, events);
      this.#handled = 0;
      this.#drop();
      this.#unsent.push(message);
      this.#effects.handled(message);
    });
  }

  #eventsOf(streams: number): number {
    return streams / this.#costs.streamInterval;
  }

  #drop(): void {
    this.#nextMessage += 1;
    if (this.#nextMessage < 1024) return;
    this.#messages.splice(0, this.#nextMessage);
    this.#nextMessage = 0;
  }

  #endHandling(): void {
    this.#isHandling = false;
    this.#turn = [...this.#entering].reverse();
  }

  #advance(each: Entering<Request>): void {
    if (each.turnsLeft <= 0) return;
    each.turnsLeft -= 1;
    const at = this.#endsAt;
    if (each.turnsLeft === 0) {
      this.#entering.delete(each);
      this.#effects.admit(each.request, at);
    } else if (each.turnsLeft === Math.ceil(this.#costs.requestTurns / 2)) {
      const wait = each.promptTokens * this.#costs.promptTokenMs;
      if (wait === 0) return;
      this.#entering.delete(each);
      each.readyAt = at + wait;
      this.#tokenizing.push(each);
    }
  }
}
