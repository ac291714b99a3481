/**
 * Gaps between tokens, counted by engine step. Sequences that decode side by side have the same gaps, which are the
 * lengths of the steps. A request records only its ranges of steps with a token in each, so that millions of gaps cost
 * as much as their steps.
 */
export interface StepGaps {
  /** Counts the gaps of a request with a token in each step. From `first` to `last`. */
  cover(first: number, last: number): void;
  /** Calls `visit(gap, times)` for every step. `endOf` has the steps' ends. */
  each(endOf: readonly number[], visit: (gap: number, times: number) => void): void;
}

export function stepGaps(): StepGaps {
  /** Change in the number of covering requests at each step. */
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
