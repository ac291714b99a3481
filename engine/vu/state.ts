import type { ExecutorName } from '../api/options.js';
import type { ConnectionSet } from '../client/connection.js';
import type { Tags } from '../metrics/series.js';
import type { Thread } from './thread.js';

/** The part of a scenario's plan that its VUs can see. */
export interface VuPlan {
  readonly name: string;
  readonly executor: ExecutorName;
  readonly exec: string;
  readonly startTime: number;
  readonly env: Tags;
  readonly tags: Tags;
  readonly load: { readonly kind: 'closed' | 'open'; readonly duration: number };
}

/** What a VU is at the moment; its API reads it. */
export interface VuState {
  readonly thread: Thread;
  /** From 1; 0 for one that only reads the file, or runs setup and teardown. */
  readonly id: number;
  readonly plan: VuPlan | undefined;
  readonly scenario: string;
  readonly tags: Record<string, string>;
  readonly random: () => number;
  readonly connections: () => ConnectionSet;
  /** `init` while the top of the file runs, `hook` in functions that run once: what they send is not counted. */
  stage: 'init' | 'hook' | 'running';
  signal: AbortSignal | undefined;
  /** How late an open scenario's iteration started, in milliseconds: its requests were due so much earlier. */
  lateness: number;
  iteration: number;
  iterationInTest: number;
}

/** An iteration was ended before its time: by the end of the load, or by a ramp down. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** `exec.test.abort()` was called. */
export class TestAborted extends Error {
  override readonly name = 'TestAborted';
}
