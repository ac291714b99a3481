import { type Due, dueQueue } from './priority-queue.js';
import type { Schedule, Sequence, TokenEvent } from './schedule.js';

/** Token i is due at arrival + ttftMs + i × itlMs, whatever else is running. */
export interface Pace {
  readonly ttftMs: number;
  readonly itlMs: number;
}

/** A schedule whose sequences do not know of each other. */
export interface PaceSchedule<S> extends Schedule<S> {
  /** How many sequences it has. */
  readonly size: number;
  submit(sequence: S, at: number, pace: Pace): void;
}

interface Playing<S> extends Due {
  readonly sequence: S;
  readonly firstAt: number;
  readonly itlMs: number;
  index: number;
}

/** Known truth: each due instant is computed from the arrival, never from the token before, so that no error adds up. */
export function fixedPace<S extends Sequence>(): PaceSchedule<S> {
  const queue = dueQueue<Playing<S>>();
  /** Cancelled entries stay in the queue until they come to its head. */
  const live = new Set<S>();
  let submitted = 0;

  function head(): Playing<S> | undefined {
    let first = queue.peek();
    while (first !== undefined && !live.has(first.sequence)) {
      queue.drop();
      first = queue.peek();
    }
    return first;
  }

  return {
    get size() {
      return live.size;
    },
    submit(sequence, at, { ttftMs, itlMs }) {
      const firstAt = at + ttftMs;
      live.add(sequence);
      queue.add({ sequence, firstAt, itlMs, index: 0, dueAt: firstAt, order: submitted });
      submitted += 1;
    },
    cancel(sequence) {
      live.delete(sequence);
    },
    nextEventAt: () => head()?.dueAt,
    advance(now) {
      const events: TokenEvent<S>[] = [];
      for (let first = head(); first !== undefined && first.dueAt <= now; first = head()) {
        const { sequence, index, dueAt } = first;
        const last = index + 1 >= sequence.tokens;
        events.push({ sequence, index, at: dueAt, last });
        if (last) {
          live.delete(sequence);
          queue.drop();
        } else {
          first.index = index + 1;
          first.dueAt = first.firstAt + first.index * first.itlMs;
          queue.settle();
        }
      }
      return events;
    },
  };
}
