import type { FrontEndCosts } from './front-end-costs.js';
import { TokenizerThread } from './tokenizer-thread.js';

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
  isTokenized: boolean;
  /** Turns of the loop until its next stage. */
  turns: number;
  isGone: boolean;
  /** End of its wait beside the loop. */
  readyAt: number;
}

/**
 * Event loop of an API process of vLLM, as a discrete-event model.
 *
 * It works in turns. First it handles messages from the engine: all that have come, stream by stream, but no further than a chunk's end
 * within a message. Then each request that is ready is read, to be tokenized beside the loop, or handed to the engine. Then each stream
 * with new tokens sends them as one event. So a stream that falls behind sends several tokens at once, unless messages are longer than a chunk:
 * then a turn sends one token to each, and messages wait.
 */
export class ApiProcess<Request, Sent extends Message> {
  readonly #costs: FrontEndCosts;
  readonly #effects: Effects<Request, Sent>;
  readonly #messages: Sent[] = [];
  #nextMessage = 0;
  /** Streams of the next message whose tokens have been handled. */
  #handled = 0;
  /** Handled messages to be sent, and the events of this turn. */
  #unsent: Sent[] = [];
  #events = 0;
  readonly #entering = new Set<Entering<Request>>();
  readonly #tokenizer: TokenizerThread<Entering<Request>>;
  /** Requests that wait beside both, by their end. */
  readonly #waiting: Entering<Request>[] = [];
  readonly #known = new Map<Request, Entering<Request>>();
  #turn: Entering<Request>[] = [];
  /** Running piece of work, and its end. */
  #work: (() => void) | undefined;
  #endsAt = Number.POSITIVE_INFINITY;
  /** Instant until which the tokenizer keeps the loop from running. */
  #heldUntil = 0;
  #isHandling = true;

  constructor(costs: FrontEndCosts, effects: Effects<Request, Sent>) {
    this.#costs = costs;
    this.#effects = effects;
    this.#tokenizer = new TokenizerThread(costs);
  }

  enter(request: Request, promptTokens: number, at: number): void {
    const each = { request, promptTokens, isTokenized: false, turns: this.#turnsOf(true), isGone: false, readyAt: at };
    this.#known.set(request, each);
    this.#entering.add(each);
    this.#wake(at);
  }

  /** Removes a request on its way to the engine. False if there is no such. */
  leave(request: Request): boolean {
    const each = this.#known.get(request);
    if (!each) return false;
    each.isGone = true;
    this.#known.delete(request);
    this.#entering.delete(each);
    return true;
  }

  receive(message: Sent, at: number): void {
    this.#messages.push(message);
    this.#wake(at);
  }

  nextEventAt(): number {
    return Math.min(this.#endsAt, this.#tokenizer.at, this.#waiting[0]?.readyAt ?? Number.POSITIVE_INFINITY);
  }

  /** Ends what is due first. A wait, a phase of the tokenizer, or the loop's piece of work. */
  advance(): void {
    const [waited] = this.#waiting;
    if (waited && waited.readyAt <= Math.min(this.#endsAt, this.#tokenizer.at)) {
      this.#waiting.shift();
      this.#return(waited);
      this.#wake(waited.readyAt);
    } else if (this.#tokenizer.at <= this.#endsAt) {
      this.#advanceTokenizer(this.#tokenizer.at);
    } else {
      const at = this.#endsAt;
      const work = this.#work;
      this.#work = undefined;
      work?.();
      this.#next(at);
    }
  }

  #advanceTokenizer(at: number): void {
    const { holds, done } = this.#tokenizer.advance(this.#work === undefined);
    if (holds > 0) {
      this.#heldUntil = at + holds;
      this.#endsAt += holds;
    }
    if (!done) return;
    this.#wait(done, at, 0);
    this.#wake(at);
  }

  /** Begins the next piece of work if there is none. */
  #wake(at: number): void {
    if (this.#work === undefined) this.#next(at);
  }

  /** Lets a request wait beside the loop. It also tokenizes there if there is no thread for that. */
  #wait(each: Entering<Request>, at: number, tokens: number): void {
    each.readyAt = at + this.#costs.requestWaitMs + tokens * this.#costs.promptTokenMs;
    if (each.readyAt <= at) {
      this.#return(each);
      return;
    }
    const before = this.#waiting.findLastIndex(({ readyAt }) => readyAt <= each.readyAt);
    this.#waiting.splice(before + 1, 0, each);
  }

  #return(each: Entering<Request>): void {
    each.isTokenized = true;
    each.turns = this.#turnsOf(false);
    if (!each.isGone) this.#entering.add(each);
  }

  #begin(at: number, milliseconds: number, end: () => void): void {
    this.#endsAt = Math.max(at, this.#heldUntil) + milliseconds;
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
      if (each.isGone) continue;
      const entering = each;
      this.#begin(at, this.#costs.requestMs / this.#costs.requestTurns, () => this.#read(entering));
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
      this.#tokenizer.loopIdle(Math.max(at, this.#heldUntil));
    }
  }

  #handle(message: Sent, at: number): void {
    const { chunkTokens, messageMs, tokenMs } = this.#costs;
    const streams = Math.min(chunkTokens, message.streams - this.#handled);
    const share = message.streams === 0 ? 0 : streams / message.streams;
    const first = this.#handled === 0 && streams > 0 ? messageMs : 0;
    this.#begin(at, first + share * message.tokens * tokenMs, () => {
      this.#handled += streams;
      const events = this.#eventsOf(streams);
      if (this.#handled < message.streams) {
        this.#events += events;
        this.#endHandling();
        return;
      }
      // Streams that have unsent tokens already get these into the same event.
      this.#events = message.streams > chunkTokens ? this.#events + events : Math.max(this.#events, events);
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

  #turnsOf(isFirst: boolean): number {
    const { requestTurns } = this.#costs;
    return isFirst ? Math.ceil(requestTurns / 2) : Math.floor(requestTurns / 2);
  }

  /** Ends a turn for a request. The last of them lead to its prompt's tokenizing, and to the engine. */
  #read(each: Entering<Request>): void {
    each.turns -= 1;
    if (each.isGone || each.turns > 0) return;
    const at = this.#endsAt;
    this.#entering.delete(each);
    if (each.isTokenized) {
      this.#known.delete(each.request);
      this.#effects.admit(each.request, at);
    } else if (this.#costs.poolMs > 0) {
      this.#tokenizer.add(each, at, false);
    } else {
      this.#wait(each, at, each.promptTokens);
    }
  }
}
