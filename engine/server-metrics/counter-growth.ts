import type { ServerFigures } from '../metrics/server-record.js';

/** Figures that only grow while a server's process lives. */
const COUNTERS = [
  'preemptions',
  'prefixQueries',
  'prefixHits',
  'generationTokens',
  'draftTokens',
  'acceptedTokens',
] as const satisfies readonly (keyof ServerFigures)[];

type Counts = Partial<Record<(typeof COUNTERS)[number], number | null>>;

/** Growth of a server's counters during the load, across restarts. */
export class CounterGrowth {
  /** Growth of processes that have ended. */
  readonly #before = new Map<string, number>();
  #first: Counts | undefined;
  #last: Counts | undefined;

  /** Sets the counts to begin with. */
  start(figures: ServerFigures): void {
    this.#first = figures;
    this.#last = figures;
  }

  /** Takes the present counts; returns true where they began anew. */
  add(figures: ServerFigures): boolean {
    const last = this.#last;
    const isRestarted = COUNTERS.some((name) => (figures[name] ?? 0) < (last?.[name] ?? 0));
    if (isRestarted) {
      for (const name of COUNTERS) this.#before.set(name, this.of(name) ?? 0);
      // A new process counts from zero.
      this.#first = Object.fromEntries(COUNTERS.map((name) => [name, figures[name] === null ? null : 0]));
    }
    this.#last = figures;
    return isRestarted;
  }

  /** Growth of a counter; null where the server does not tell it. */
  of(name: (typeof COUNTERS)[number]): number | null {
    const [from, to] = [this.#first?.[name], this.#last?.[name]];
    if (typeof from !== 'number' || typeof to !== 'number') return null;
    return (this.#before.get(name) ?? 0) + to - from;
  }
}
