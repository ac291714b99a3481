import type { ClosedLoad } from '../executors/load.js';
import type { CardSchedule, StepEvent } from '../simulator/index.js';

/** What a virtual user asks: its prompt, and how long the answer will be, in tokens. */
export interface Ask {
  readonly promptTokens: number;
  readonly tokens: number;
  readonly promptBlocks?: readonly number[] | undefined;
}

/** A request of a virtual user. */
export interface VirtualRequest extends Ask {
  /** Number of its user, from 0. */
  readonly vu: number;
  /** Milliseconds since the load started. */
  readonly sentAt: number;
}

/** Is told of everything that happens, in the order of time; instants are milliseconds since the load started. */
export interface Witness<Request> {
  /** Nothing more happens before `at`. */
  reach(at: number, users: number): void;
  /** A request is about to be sent; it is known by what this returns. */
  begin(ask: Ask, vu: number, at: number): Request;
  step(event: StepEvent<Request>): void;
  /** The end of the run has cut a request off. */
  cut(request: Request, at: number): void;
}

/** Users in virtual time. */
export interface VirtualUsers<Request> {
  readonly load: ClosedLoad;
  /** Milliseconds between an answer and the user's next request. */
  readonly think: number;
  readonly schedule: CardSchedule<Request>;
  /** What the iteration with this number, from 0, asks. */
  readonly ask: (iteration: number) => Ask;
  readonly witness: Witness<Request>;
}

/**
 * Plays a closed load against an engine without waiting: time jumps from one event to the next. A user sends its next request as soon
 * as it has its answer and has thought. Returns when the last event was, in milliseconds since the start.
 */
export function playUsers<Request extends VirtualRequest>(users: VirtualUsers<Request>): number {
  const { load, think, schedule, ask, witness } = users;
  const quota = load.iterations && 'shared' in load.iterations ? load.iterations.shared : Number.POSITIVE_INFINITY;
  const cutAt = load.duration + load.gracefulStop;
  /** Users that wait for an answer or think. */
  const active = new Set<number>();
  const flying = new Set<Request>();
  /** All think for the same time, so they come back in the order in which they began. */
  const thinking: { readonly vu: number; readonly until: number }[] = [];
  let back = 0;
  let nextStep = 0;
  let wanted = 0;
  let iterations = 0;
  let now = 0;

  function send(vu: number): void {
    if (vu >= wanted || now >= load.duration || iterations >= quota) {
      active.delete(vu);
      return;
    }
    const request = witness.begin(ask(iterations), vu, now);
    iterations += 1;
    active.add(vu);
    flying.add(request);
    schedule.submit(request, now);
  }

  function finish(events: readonly StepEvent<Request>[]): void {
    for (const event of events) {
      witness.step(event);
      for (const request of event.last) {
        flying.delete(request);
        if (think > 0) thinking.push({ vu: request.vu, until: event.at + think });
        else send(request.vu);
      }
    }
  }

  for (;;) {
    const stepsAt = load.steps[nextStep]?.at ?? Number.POSITIVE_INFINITY;
    const userAt = Math.min(
      stepsAt < load.duration ? stepsAt : Number.POSITIVE_INFINITY,
      thinking[back]?.until ?? Number.POSITIVE_INFINITY,
    );
    const at = Math.min(schedule.nextEventAt() ?? Number.POSITIVE_INFINITY, userAt);
    if (at === Number.POSITIVE_INFINITY || at > cutAt) break;
    witness.reach(at, active.size);
    now = at;
    // What a step brings comes first: who is back at the same instant joins the next one.
    finish(schedule.advanceSteps(now));
    for (; (thinking[back]?.until ?? Number.POSITIVE_INFINITY) <= now; back += 1) send(thinking[back]!.vu);
    for (; (load.steps[nextStep]?.at ?? Number.POSITIVE_INFINITY) <= now; nextStep += 1) {
      wanted = load.steps[nextStep]!.vus;
      for (let vu = 0; vu < wanted; vu += 1) if (!active.has(vu)) send(vu);
    }
  }
  if (flying.size === 0) return now;
  witness.reach(cutAt, active.size);
  for (const request of flying) {
    schedule.cancel(request);
    witness.cut(request, cutAt);
  }
  return cutAt;
}
