/** Work of one engine step. */
export interface Batch {
  /** Sequences that get their next token. */
  readonly decoding: number;
  /** Sequences admitted in this step, which get their first token. */
  readonly prefilling: number;
  /** Prompt tokens of the admitted sequences. */
  readonly prefillTokens: number;
  /** Tokens in the key-value cache of the decoding sequences, prompts included. */
  readonly contextTokens: number;
}

/** Duration of a step in milliseconds, above 0. */
export type StepCost = (batch: Batch) => number;

/** Coefficients of a linear cost model, in milliseconds. */
export interface LinearCost {
  readonly baseMs: number;
  readonly perSequenceMs: number;
  /** Added once to a step that admits sequences. Prefill runs without the decode step's prepared kernels. */
  readonly prefillMs: number;
  readonly perPromptTokenMs: number;
}

/** About a 7B model on one mid-range card. TTFT near 50 ms and ITL of 15 to 20 ms under small load. */
export const DEFAULT_COST: LinearCost = { baseMs: 15, perSequenceMs: 0.05, prefillMs: 20, perPromptTokenMs: 0.03 };

/**
 * Linear cost of a step. base + perSequence × batch size + (prefill + perPromptToken × prompt tokens, if any sequence
 * is admitted).
 */
export function linearCost(cost: LinearCost): StepCost {
  return ({ decoding, prefilling, prefillTokens }) => {
    const decode = cost.baseMs + cost.perSequenceMs * (decoding + prefilling);
    return prefilling === 0 ? decode : decode + cost.prefillMs + cost.perPromptTokenMs * prefillTokens;
  };
}
