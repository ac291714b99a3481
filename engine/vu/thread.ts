import type { ChatBody } from '../client/chat.js';
import type { Exchange } from '../client/exchange.js';
import type { Target } from '../client/target.js';
import type { Clock } from '../clock.js';
import type { Datasets } from '../data/dataset.js';
import type { UserError } from '../errors.js';
import { findMetric, METRIC_NAME, type MetricInfo } from '../metrics/catalogue.js';
import type { Recorder } from '../metrics/recorder.js';
import type { Tags } from '../metrics/series.js';
import type { LlmRecorder } from './llm-recorder.js';

/** Counts of the whole process, shared by all threads. */
export const INSTANCE = {
  vusActive: 0,
  vusInitialized: 1,
  iterationsCompleted: 2,
  iterationsInterrupted: 3,
  /** The most VUs that were active at once. */
  vusPeak: 4,
} as const;

/** What all VUs of one thread have in common. */
export interface Thread {
  readonly clock: Clock;
  /** Folder of the scenario file: relative paths start here. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Tags of the whole run. */
  readonly tags: Tags;
  readonly tagKeys: readonly string[];
  readonly seed: number;
  /** VUs in the whole test. */
  readonly vus: number;
  /** A shorter iteration keeps its VU waiting for the rest, in milliseconds. */
  readonly minIterationDuration: number;
  /** When scenarios have started, in milliseconds since the load did. */
  readonly starts: Map<string, number>;
  readonly datasets: Datasets;
  readonly metrics: MetricRegistry;
  readonly instance: Int32Array;
  /** The server under test; undefined where the file is only read for its options, or no server was named. */
  readonly target: Target | undefined;
  /** Undefined where nothing is measured. */
  readonly recorder: Recorder | undefined;
  readonly llm: LlmRecorder | undefined;
  /** Milliseconds since the load started. */
  readonly elapsed: () => number;
  /** Ends the whole test, as the script asked. */
  readonly abort: (message: string) => void;
  /** Ends the whole test, for it cannot work. */
  readonly fail: (error: UserError) => void;
  /** Told of every request that has ended, for `tokenswarm try`. */
  readonly onExchange?: ((request: ChatBody, exchange: Exchange) => void) | undefined;
}

/** The metrics that the scenario file creates. */
export class MetricRegistry {
  readonly #metrics = new Map<string, MetricInfo>();

  /** Notes a metric. Throws when its name is taken by one of another kind, or is none. */
  define(name: string, info: MetricInfo): MetricInfo {
    if (typeof name !== 'string' || !METRIC_NAME.test(name)) {
      throw new Error(
        `a metric's name has letters, digits and _ only and begins with no digit, got ${JSON.stringify(name)}`,
      );
    }
    const known = findMetric(name, this.all);
    if (known && (known.kind !== info.kind || known.contains !== info.contains || !this.#metrics.has(name))) {
      throw new Error(`there is already a ${known.kind} called ${name}`);
    }
    if (!known) this.#metrics.set(name, info);
    return known ?? info;
  }

  get all(): Readonly<Record<string, MetricInfo>> {
    return Object.fromEntries(this.#metrics);
  }
}
