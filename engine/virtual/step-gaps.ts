/**
 * Gaps between tokens, counted by step: sequences that decode side by side have the same gaps, which are the lengths of the steps. A
 * request only notes from which step to which it got a token in each, so that millions of gaps cost as much as their steps.
 */
export interface StepGaps {
  /** Counts the gaps of a request that got a token in each step from `first` to `last`. */
  cover(first: number, last: number): void;
  /** Calls `visit(gap, times)` for every step; `endOf` says when steps ended. */
  each(endOf: readonly number[], visit: (gap: number, times: number) => void): void;
}

export function stepGaps(): StepGaps {
  /** How many more requests cover this step than the one before it. */
  let changes = new Int32Array(1024);

  function change(step: number, by: number): void {
    if (step >= changes.length) {
      const longer = new Int32Array(2 * Math.max(step, changes.length));
      longer.set(changes);
      changes = longer;
    }
    changes[step]! += by;
  }

  return {
    cover(first, last) {
      if (last <= first) return;
      change(first + 1, 1);
      change(last + 1, -1);
    },
    each(endOf, visit) {
      let times = 0;
      for (let step = 1; step < endOf.length; step += 1) {
        times += changes[step] ?? 0;
        if (times > 0) visit(endOf[step]! - endOf[step - 1]!, times);
      }
    },
  };
}
