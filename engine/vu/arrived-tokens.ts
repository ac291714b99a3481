import type { Exchange } from '../client/exchange.js';
import type { Recorder } from '../metrics/recorder.js';
import type { Counter, Phase } from '../metrics/series.js';

/** Counts output tokens of one request live. Final counts correct them. */
export class ArrivedTokens {
  readonly #recorder: Recorder;
  readonly #arrived: Readonly<Record<Phase, Counter>>;
  #events = 0;
  /** Live count of each event; undefined while all were one token. */
  #counted: number[] | undefined;

  constructor(recorder: Recorder, arrived: Readonly<Record<Phase, Counter>>) {
    this.#recorder = recorder;
    this.#arrived = arrived;
  }

  /** Counts the tokens of an event. */
  record(at: number, tokens: number): void {
    if (tokens !== 1) this.#counted ??= new Array<number>(this.#events).fill(1);
    this.#counted?.push(tokens);
    this.#events += 1;
    this.#arrived[this.#recorder.phaseAt(at)].add(tokens);
  }

  /** Corrects the counts, each at the instant of its event. Tokens of no event count at the end. */
  correct({ chunkAt, chunkTokens }: Exchange, outputTokens: number, endedAt: number): void {
    let carried = 0;
    for (let i = 0; i < this.#events; i += 1) {
      const tokens = chunkTokens[i] ?? 0;
      carried += tokens;
      const missed = tokens - (this.#counted ? (this.#counted[i] ?? 0) : 1);
      if (missed !== 0) this.#add(chunkAt[i] ?? endedAt, missed);
    }
    if (outputTokens !== carried) this.#add(endedAt, outputTokens - carried);
  }

  #add(at: number, tokens: number): void {
    this.#arrived[this.#recorder.phaseAt(at)].add(tokens);
    this.#recorder.live.correct(at, tokens);
  }
}
