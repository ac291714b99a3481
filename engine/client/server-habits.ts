/** Limits of a constant count. They are answers in a row and the spread of their lengths. */
const FEWEST_ALIKE = 4;
const LEAST_SPREAD = 4;
const LEAST_DIFFERENCE = 20;

/** Minimum relative length of a first event with several tokens. */
const FULL_FIRST_EVENT = 0.85;

/** Learns from a server's answers how it counts and streams tokens. One for each server and thread. */
export class ServerHabits {
  #laterTokens = 0;
  #laterEvents = 0;
  #firstTokens = 0;
  #meanTokens = 0;
  #endsUncounted = false;
  #same = { tokens: -1, answers: 0, shortest: 0, longest: 0 };

  /** Records an answer's tokens and events. */
  recordShare(first: number, all: number, events: number): void {
    this.#laterTokens += all - first;
    this.#laterEvents += events - 1;
  }

  /** Mean tokens of an event after the first. Undefined before the first known answer. */
  get laterTokens(): number | undefined {
    return this.#laterEvents > 0 ? this.#laterTokens / this.#laterEvents : undefined;
  }

  /** True where first events carry one token, judging by their lengths. */
  startsWithOne(firstTokens: number, meanTokens: number): boolean {
    this.#firstTokens += firstTokens;
    this.#meanTokens += meanTokens;
    return this.#firstTokens < FULL_FIRST_EVENT * this.#meanTokens;
  }

  /** Records an answer that ended by itself. With no more tokens than events its end was not counted. */
  recordEnd(tokens: number, events: number): void {
    if (events > 0 && tokens <= events) this.#endsUncounted = true;
  }

  /** True where counts may include the end-of-sequence token. */
  get countsEnd(): boolean {
    return !this.#endsUncounted;
  }

  /** True where the server reports this count for any length in characters. */
  isConstant(tokens: number, characters: number): boolean {
    const same = this.#same;
    if (tokens !== same.tokens) {
      this.#same = { tokens, answers: 1, shortest: characters, longest: characters };
      return false;
    }
    same.answers += 1;
    same.shortest = Math.min(same.shortest, characters);
    same.longest = Math.max(same.longest, characters);
    return same.answers >= FEWEST_ALIKE && same.longest > LEAST_SPREAD * same.shortest + LEAST_DIFFERENCE;
  }
}
