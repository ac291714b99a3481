import type { SampleTags } from '../api/metrics.js';
import type { ExecutorName } from '../api/options.js';
import type { CookieJar } from '../client/http/cookie-jar.js';
import type { ConnectionSet } from '../client/transport/connection.js';
import type { Trace } from '../data/trace-file.js';
import type { Tags } from '../metrics/series.js';
import type { Thread } from './thread-context.js';

/** The part of a scenario's plan that its VUs can see. */
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
    /** Where iterations play a part of a trace: the trace, and the number in it of the part's first request. */
    readonly trace?: { readonly rows: Trace; readonly first: number };
  };
}

/** What a VU is at the moment; its API reads it. */
export interface VuState {
  readonly thread: Thread;
  /** From 1; 0 for one that only reads the file, or runs setup and teardown. */
  readonly id: number;
  readonly plan: VuPlan | undefined;
  readonly scenario: string;
  /** Tags of its samples; `group` is the one in which it is read. */
  readonly tags: Record<string, SampleTags[string]>;
  /** Its sockets to the server of this origin. */
  readonly connections: (origin: string) => ConnectionSet;
  /** The same for plain HTTP requests. */
  readonly httpConnections: (origin: string) => ConnectionSet;
  /** Its cookies. */
  readonly cookies: CookieJar;
  /** `init` while the top of the file runs, `hook` in functions that run once: what they send is not counted. */
  stage: 'init' | 'hook' | 'running';
  signal: AbortSignal | undefined;
  /** How late an open scenario's iteration started, in milliseconds: its requests were due so much earlier. */
  lateness: number;
  iteration: number;
  /** Undefined until the first iteration. */
  iterationInTest: number | undefined;
  /** The numbers of the iteration that runs; before the first, the VU's own. */
  random: () => number;
  /** `randomSeed` was called: its numbers go on through all iterations. */
  isSeeded: boolean;
}

/** An iteration was ended before its time: by the end of the load, or by a ramp down. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** `exec.test.abort()` was called. */
export class TestAborted extends Error {
  override readonly name = 'TestAborted';
}

/** Requests and waiting belong into functions: at the top of the file they would happen once for each VU, untimed. */
export function running(vu: VuState, what: string): void {
  if (vu.stage === 'init')
    throw new Error(`${what}() belongs into a function; the top of the file is run for every VU`);
  vu.signal?.throwIfAborted();
}

/** Whatever is awaited here goes back into the script: should it then keep the thread, it is known whose code that was. */
export async function returning<Result>(vu: VuState, result: Promise<Result>): Promise<Result> {
  try {
    return await result;
  } finally {
    vu.thread.onEntry(vu.id, vu.iteration);
  }
}
