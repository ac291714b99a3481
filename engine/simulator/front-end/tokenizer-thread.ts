import type { FrontEndCosts } from './front-end-costs.js';

/** Prompt that waits for its turn. */
interface Waiting {
  readonly promptTokens: number;
}

type Phase = 'idle' | 'wants to render' | 'renders' | 'tokenizes' | 'wants to return' | 'returns';

/**
 * Thread of an API process that tokenizes prompts in turn. It shares Python's interpreter with the event loop:
 * to render a prompt, and to return its tokens, it waits until the loop is idle or has run for `switchMs`, and then the loop waits.
 */
export class TokenizerThread<Prompt extends Waiting> {
  readonly #costs: FrontEndCosts;
  readonly #queue: Prompt[] = [];
  #phase: Phase = 'idle';
  /** End of the phase. */
  at = Number.POSITIVE_INFINITY;

  constructor(costs: FrontEndCosts) {
    this.#costs = costs;
  }

  get size(): number {
    return this.#queue.length;
  }

  add(prompt: Prompt, at: number, isLoopIdle: boolean): void {
    this.#queue.push(prompt);
    if (this.#phase === 'idle') this.#want('wants to render', at, isLoopIdle);
  }

  /** Tells that the event loop has become idle. */
  loopIdle(at: number): void {
    if (this.#phase.startsWith('wants')) this.at = Math.min(this.at, at);
  }

  /** Ends the phase. Returns the milliseconds for which the loop has to wait from now, and a prompt that is done. */
  advance(isLoopIdle: boolean): { readonly holds: number; readonly done?: Prompt | undefined } {
    const { poolMs, promptTokenMs } = this.#costs;
    const { at } = this;
    const [prompt] = this.#queue;
    switch (this.#phase) {
      case 'wants to render':
      case 'wants to return':
        this.#phase = this.#phase === 'wants to render' ? 'renders' : 'returns';
        this.at = at + poolMs / 2;
        return { holds: poolMs / 2 };
      case 'renders':
        this.#phase = 'tokenizes';
        this.at = at + (prompt?.promptTokens ?? 0) * promptTokenMs;
        return { holds: 0 };
      case 'tokenizes':
        this.#want('wants to return', at, isLoopIdle);
        return { holds: 0 };
      default:
        this.#queue.shift();
        if (this.#queue.length > 0) this.#want('wants to render', at, isLoopIdle);
        else [this.#phase, this.at] = ['idle', Number.POSITIVE_INFINITY];
        return { holds: 0, done: prompt };
    }
  }

  #want(phase: Phase, at: number, isLoopIdle: boolean): void {
    this.#phase = phase;
    this.at = isLoopIdle ? at : at + this.#costs.switchMs;
  }
}
