import type { Options } from '../api/options.js';
import type { TargetAddress } from '../client/target.js';
import type { TransportSettings } from '../client/transport/transport.js';
import type { SharedDataset } from '../data/shared-dataset.js';
import type { Share } from '../executors/share.js';
import type { Delta } from '../metrics/delta.js';
import type { LogDetails, LogRecord } from '../metrics/log-record.js';
import type { Tags } from '../metrics/series.js';
import type { Window } from '../metrics/window.js';
import type { Plan } from '../options/plan.js';
import type { Limits } from '../options/timing.js';
import type { VuHook } from '../vu/vu.js';
import type { Fault } from './fault.js';
import type { Heartbeat } from './heartbeat.js';

/** Assignment of a worker, given at its creation. Plain data. */
export interface Assignment {
  readonly worker: number;
  readonly workers: number;
  /** Its share of the plan, among the workers of all machines. */
  readonly share: Share;
  readonly plan: Plan;
  readonly limits: Limits;
  /** Files of the bundle, and the user's own file. */
  readonly script: string;
  readonly packages: string | undefined;
  readonly file: string;
  /** The servers under test, which take turns. */
  readonly targets: readonly TargetAddress[];
  readonly transport: TransportSettings;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tags: Tags;
  readonly seed: number;
  /** Data sets that have been read already. */
  readonly datasets: readonly SharedDataset[];
  /** For `exec.test.options`. */
  readonly options: Options;
  /** Int32 counts of the whole process; see vu/thread. */
  readonly instance: SharedArrayBuffer;
  /** Heartbeat of this worker, on shared memory. */
  readonly heartbeat: Heartbeat;
  /** Keep rows of requests, in Locust's terms. */
  readonly requestRows: boolean;
  /** Log settings; undefined without a log. */
  readonly log: WorkerLog | undefined;
}

/** Log settings of a worker. `written` is an Int32 count of the written weight. */
export interface WorkerLog {
  readonly details: LogDetails;
  readonly written: SharedArrayBuffer;
}

/** Batch of log records of a worker. */
export interface LogBatch {
  readonly worker: number;
  /** Instant from which its records count. */
  readonly since: number;
  readonly records: readonly LogRecord[];
  /** Weight of its records, to be acknowledged when they have been written. */
  readonly weight: number;
  /** Records dropped before these, for too many were in transit. */
  readonly dropped: number;
}

/** Command from the main thread to a worker. */
export type Command =
  /** Runs `setup`, `teardown`, or a hook of every VU. `data` is what `setup` returned, as JSON. */
  | {
      readonly type: 'call';
      readonly name: 'setup' | 'teardown' | VuHook;
      readonly timeout: number;
      readonly data: string | undefined;
    }
  /** Begin the load at this instant of the machine's clock. */
  | { readonly type: 'start'; readonly startAt: number; readonly data: string | undefined }
  /**
   * Applies a changed plan. `starts` are scenarios that begin now, at these times since the start; `steady` is the
   * steady state.
   */
  | {
      readonly type: 'revise';
      readonly starts: readonly { readonly scenario: string; readonly startTime: number }[];
      readonly steady: Window;
    }
  /** Start no iteration until `resume`. */
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  /** Sets the VU count of a closed scenario, over all workers. */
  | { readonly type: 'scale'; readonly scenario: string; readonly vus: number }
  /** Start no further iteration. */
  | { readonly type: 'drain' }
  /** Interrupt everything now. */
  | { readonly type: 'abort' }
  /** Give back the thread. */
  | { readonly type: 'leave' };

/** Result of `setup` or `teardown`: JSON or a fault. Hooks have no result here. */
export interface Called {
  readonly data: string | undefined;
  readonly fault: Fault | undefined;
}

/** Report from a worker to the main thread. */
export type Report =
  | { readonly type: 'ready' }
  /** Result of a function. The delta has its checks and samples; it belongs to no interval. */
  | ({ readonly type: 'called'; readonly delta: Delta } & Called)
  | { readonly type: 'delta'; readonly delta: Delta }
  /** A data set that this worker had to read itself. */
  | { readonly type: 'dataset'; readonly dataset: SharedDataset }
  | { readonly type: 'log'; readonly batch: LogBatch }
  /** Every iteration of a scenario has ended in this worker. */
  | { readonly type: 'over'; readonly worker: number; readonly scenario: string }
  /** End of all iterations of all scenarios. The last delta has been sent. */
  | { readonly type: 'ended' }
  /** The script asked for the end of the test. */
  | { readonly type: 'abort'; readonly message: string }
  /** The script marked the test as failed. */
  | { readonly type: 'failed'; readonly message: string }
  /** The run cannot work. */
  | { readonly type: 'fault'; readonly fault: Fault };
