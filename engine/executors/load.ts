/** How many users are meant to be active from an instant on; `at` is milliseconds from the scenario's start. */
export interface VuStep {
  readonly at: number;
  readonly vus: number;
}

/** When a closed scenario's users iterate: the pure plan that an executor makes of its options. */
export interface Load {
  /** Ascending in time; the first is at 0. */
  readonly steps: readonly VuStep[];
  /** The most users at once. */
  readonly maxVus: number;
  /** After this many milliseconds no iteration starts. */
  readonly duration: number;
  /** How long an iteration that is running then may go on, in milliseconds. */
  readonly gracefulStop: number;
  /** The same for the iteration of a user that is ramped down. */
  readonly gracefulRampDown: number;
  /** Where the iterations are counted: their number for each user, or for all users together. */
  readonly iterations?: { readonly perVu: number } | { readonly shared: number };
}

/** A load of the same number of users from first to last. */
export function flatLoad(options: { readonly vus: number; readonly gracefulStop: number }, duration: number): Load {
  const { vus, gracefulStop } = options;
  return { steps: [{ at: 0, vus }], maxVus: vus, duration, gracefulStop, gracefulRampDown: 0 };
}

/** A load with the time at which its scenario starts. */
export interface PlacedLoad {
  readonly startTime: number;
  readonly load: Load;
}

/**
 * When the users of all loads together first reach their maximum and when they leave it, in milliseconds since the
 * start. It counts as not left where it is taken up again at once.
 */
export function steadyWindow(loads: readonly PlacedLoad[]): { readonly from: number; readonly to: number } {
  const changes: { at: number; by: number }[] = [];
  for (const { startTime, load } of loads) {
    let before = 0;
    for (const { at, vus } of load.steps) {
      if (at >= load.duration) break;
      changes.push({ at: startTime + at, by: vus - before });
      before = vus;
    }
    changes.push({ at: startTime + load.duration, by: -before });
  }
  changes.sort((a, b) => a.at - b.at);
  let total = 0;
  let most = 0;
  let from = 0;
  let to = 0;
  for (let i = 0; i < changes.length; ) {
    const at = changes[i]?.at ?? 0;
    const before = total;
    for (; changes[i]?.at === at; i += 1) total += changes[i]?.by ?? 0;
    if (before === most && total < most && to === from) to = at;
    if (total > most) {
      most = total;
      from = at;
      to = at;
    }
  }
  return { from, to };
}
