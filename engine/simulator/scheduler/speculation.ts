import { randomSource } from '../../random.js';

/** Speculative decoding: drafts of further tokens that each step checks. */
export interface Speculation {
  /** Drafted tokens per sequence and step. */
  readonly tokens: number;
  /** Probability that a draft is right after right ones, 0 to 1. */
  readonly acceptance: number;
}

/** Checks of drafts, drafted tokens, and accepted ones. */
export interface DraftCounts {
  readonly drafts: number;
  readonly draftTokens: number;
  readonly acceptedTokens: number;
}

/** Random acceptance of drafts. */
export interface DraftChecks {
  readonly counts: DraftCounts;
  /** Number of accepted tokens. At least j with probability acceptance to the power of j. */
  check(tokens: number): number;
}

/** Creates draft checks that are reproducible by their seed. */
export function draftChecks({ acceptance }: Speculation, seed: number): DraftChecks {
  const random = randomSource(seed);
  const counts = { drafts: 0, draftTokens: 0, acceptedTokens: 0 };

  function run(): number {
    if (acceptance <= 0) return 0;
    // From above 0 to 1, so that its logarithm is finite.
    return acceptance >= 1 ? Infinity : Math.floor(Math.log(1 - random()) / Math.log(acceptance));
  }

  return {
    get counts() {
      return { ...counts };
    },
    check(tokens) {
      const right = Math.min(tokens, run());
      counts.drafts += 1;
      counts.draftTokens += tokens;
      counts.acceptedTokens += right;
      return right;
    },
  };
}
