import TinyQueue from 'tinyqueue';
import type { Schedule, Sequence, TokenEvent } from './schedule.js';

/** Fixed pace: token i is due at arrival + ttftMs + i × itlMs. */
export interface Pace {
  readonly ttftMs: number;
  readonly itlMs: number;
}

/** Schedule whose sequences are independent of each other. */
export interface PaceSchedule<S> extends Schedule<S> {
  /** Number of sequences. */
  readonly size: number;
  submit(sequence: S, at: number, pace: Pace): void;
}

interface Playing<S> {
  readonly sequence: S;
  readonly firstAt: number;
  readonly itlMs: number;
  index: number;
  dueAt: number;
  /** Breaks ties: the lower goes first. */
  readonly order: number;
}

/**
 * Schedule of exact due instants, computed from the arrival. Not from the token before, so that errors do not add up.
 */
export function fixedPace<S extends Sequence>(): PaceSchedule<S> {
  const queue = new TinyQueue<Playing<S>>([], (a, b) => a.dueAt - b.dueAt || a.order - b.order);
  /** Cancelled entries stay in the queue until they reach its head. */
  const live = new Set<S>();
  let submitted = 0;

  function head(): Playing<S> | undefined {
    let first = queue.peek();
    while (first !== undefined && !live.has(first.sequence)) {
      queue.pop();
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
      queue.push({ sequence, firstAt, itlMs, index: 0, dueAt: firstAt, order: submitted });
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
        queue.pop();
        events.push({ sequence, index, at: dueAt, last });
        if (last) {
          live.delete(sequence);
        } else {
          first.index = index + 1;
          first.dueAt = first.firstAt + first.index * first.itlMs;
          queue.push(first);
        }
      }
      return events;
    },
  };
}
