import type { SampleTags } from '../api/metrics.js';
import type { ExecutorName } from '../api/scenarios.js';
import type { CookieJar } from '../client/http/cookie-jar.js';
import type { ConnectionSet } from '../client/transport/connection-set.js';
import type { PlayedSessions } from '../data/sessions/played-sessions.js';
import type { Trace } from '../data/trace-file.js';
import type { Tags } from '../metrics/series.js';
import type { PendingCalls } from './pending-calls.js';
import { INSTANCE, type Thread } from './thread-context.js';

/** Part of a scenario's plan that VUs can see. */
export interface VuPlan {
  readonly name: string;
  readonly executor: ExecutorName;
  readonly exec: string;
  readonly startTime: number;
  readonly env: Tags;
  readonly tags: Tags;
  readonly load: {
    readonly kind: 'closed' | 'open';
    readonly duration: number;
    /** Trace to replay, and the index of this part's first request. */
    readonly trace?: { readonly rows: Trace; readonly first: number };
    readonly sessions?: PlayedSessions;
  };
}

/** Current state of a VU, read by its API. */
export interface VuState {
  readonly thread: Thread;
  /** From 1. 0 for one that only reads the file, or runs setup and teardown. */
  readonly id: number;
  readonly plan: VuPlan | undefined;
  readonly scenario: string;
  /** Tags of its samples; `group` is the current one. */
  readonly tags: Record<string, SampleTags[string]>;
  /** Connections to an origin for LLM requests. */
  readonly connections: (origin: string) => ConnectionSet;
  /** Connections to an origin for plain HTTP requests. */
  readonly httpConnections: (origin: string) => ConnectionSet;
  /** Cookies of the current iteration. */
  readonly cookies: CookieJar;
  /** `init` for the top of the file, `hook` for setup and teardown. Their requests are not recorded. */
  stage: 'init' | 'hook' | 'running';
  /** True once a k6 script has aborted the test here. */
  hasAborted: boolean;
  signal: AbortSignal | undefined;
  /** Lateness of an open scenario's iteration, in milliseconds. Its requests were scheduled that much earlier. */
  lateness: number;
  /** True once the iteration reached a server; false where it failed to. */
  reached: boolean | undefined;
  iteration: number;
  /** Records that code of this VU is about to run. One that then blocks its thread can be named. */
  readonly enter: () => void;
  /** Pending calls of the current iteration. */
  pending: PendingCalls;
  /** Undefined until the first iteration. */
  iterationInTest: number | undefined;
  /** Random source of the current iteration; before the first, of the VU. */
  random: () => number;
  /** True after `randomSeed`: the source then continues across iterations. */
  isSeeded: boolean;
}

/** Records whether a request of the iteration reached its server. */
export function noteContact(vu: Pick<VuState, 'reached'>, isReached: boolean): void {
  if (isReached) vu.reached = true;
  else vu.reached ??= false;
}

/** Counts a request of an iteration; -1 takes it back. */
export function noteSent({ thread, stage }: Pick<VuState, 'thread' | 'stage'>, amount: 1 | -1 = 1): void {
  if (stage === 'running') Atomics.add(thread.instance, INSTANCE.requestsSent, amount);
}

/** Interrupts an iteration: the load ended, or its VU was ramped down. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Thrown by `exec.test.abort()`. */
export class TestAborted extends Error {
  override readonly name = 'TestAborted';
}

/** Parts of a VU that an API call uses. */
type CallingVu = Pick<VuState, 'stage' | 'signal' | 'pending' | 'enter'>;

/**
 * Rejects calls in init code, and after an interruption. At the top of the file requests would be sent once for each
 * VU, untimed.
 */
function running(vu: CallingVu, what: string): void {
  if (vu.stage === 'init')
    throw new Error(`${what}() belongs into a function; the top of the file is run for every VU`);
  vu.signal?.throwIfAborted();
}

const SETTLED = Promise.resolve();

/**
 * Calls a waiting function of the API, pending in its iteration meanwhile. Its VU is marked as running directly before
 * the script goes on, not when the answer is there: several VUs may get theirs at once.
 */
export async function calling<Result>(vu: CallingVu, what: string, run: () => Promise<Result>): Promise<Result> {
  running(vu, what);
  const { pending } = vu;
  pending.begin(what);
  try {
    return await run();
  } finally {
    pending.end(what);
    void SETTLED.then(vu.enter);
  }
}
