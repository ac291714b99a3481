import { randomSource } from '../../random.js';

/** Drafts of further tokens that each step checks. */
export interface Speculation {
  /** Drafted for each sequence and step. */
  readonly tokens: number;
  /** How likely a draft is right where the ones before it were, 0 to 1. */
  readonly acceptance: number;
}

/** How often drafts were checked, of how many tokens, and how many of those were right. */
export interface DraftCounts {
  readonly drafts: number;
  readonly draftTokens: number;
  readonly acceptedTokens: number;
}

/** Decides which drafts are right. */
export interface DraftChecks {
  readonly counts: DraftCounts;
  /** How many of a draft's tokens are right: at least j of them with acceptance to the power of j. */
  check(tokens: number): number;
}

/** Checks of drafts, the same for the same seed. */
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
