import type { ClosedLoad } from '../executors/load.js';
import type { CardSchedule, StepEvent } from '../simulator/index.js';

/** Request of a virtual user: lengths of prompt and answer, in tokens. */
export interface Ask {
  readonly promptTokens: number;
  readonly tokens: number;
  readonly promptBlocks?: readonly number[] | undefined;
}

/** Request of a virtual user in flight. */
export interface VirtualRequest extends Ask {
  /** Index of its user, from 0. */
  readonly vu: number;
  /** Milliseconds since the load started. */
  readonly sentAt: number;
}

/** Observer of all events, in order of time. Instants are milliseconds since the load started. */
export interface Observer<Request> {
  /** Advances the time to `at`, with this many active users. */
  reach(at: number, users: number): void;
  /** Records a request about to be sent, and returns its handle. */
  begin(ask: Ask, vu: number, at: number): Request;
  step(event: StepEvent<Request>): void;
  /** Records a request cut off by the end of the run. */
  cut(request: Request, at: number): void;
}

/** Settings and dependencies of users in virtual time. */
export interface VirtualUsers<Request> {
  readonly load: ClosedLoad;
  /** Think time between an answer and the next request, in milliseconds. */
  readonly think: number;
  readonly schedule: CardSchedule<Request>;
  /** Prompt and answer of an iteration, numbered from 0. */
  readonly ask: (iteration: number) => Ask;
  readonly observer: Observer<Request>;
}

/**
 * Plays a closed load against an engine, jumping from event to event. A user sends its next request once it has its
 * answer and its think time has passed. Returns the instant of the last event, in milliseconds since the start.
 */
export function playUsers<Request extends VirtualRequest>(users: VirtualUsers<Request>): number {
  const { load, think, schedule, ask, observer } = users;
  const quota = load.iterations && 'shared' in load.iterations ? load.iterations.shared : Number.POSITIVE_INFINITY;
  const cutAt = load.duration + load.gracefulStop;
  /** Users that wait for an answer or think. */
  const active = new Set<number>();
  const flying = new Set<Request>();
  /** Thinking users. All think equally long, so they return in order. */
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
    const request = observer.begin(ask(iterations), vu, now);
    iterations += 1;
    active.add(vu);
    flying.add(request);
    schedule.submit(request, now);
  }

  function finish(events: readonly StepEvent<Request>[]): void {
    for (const event of events) {
      observer.step(event);
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
    observer.reach(at, active.size);
    now = at;
    // Tokens of a step come first: users that return at that instant join the next step.
    finish(schedule.advanceSteps(now));
    for (; (thinking[back]?.until ?? Number.POSITIVE_INFINITY) <= now; back += 1) send(thinking[back]!.vu);
    for (; (load.steps[nextStep]?.at ?? Number.POSITIVE_INFINITY) <= now; nextStep += 1) {
      wanted = load.steps[nextStep]!.vus;
      for (let vu = 0; vu < wanted; vu += 1) if (!active.has(vu)) send(vu);
    }
  }
  if (flying.size === 0) return now;
  observer.reach(cutAt, active.size);
  for (const request of flying) {
    schedule.cancel(request);
    observer.cut(request, cutAt);
  }
  return cutAt;
}
