import type { HttpOptions, Options } from '../api/options.js';
import type { Exchange } from '../client/exchange.js';
import type { HttpExchange } from '../client/http/http-exchange.js';
import type { AnyRequest } from '../client/protocols/protocol.js';
import type { Target } from '../client/target.js';
import type { Transport } from '../client/transport/transport.js';
import type { Clock } from '../clock.js';
import type { Datasets } from '../data/dataset.js';
import type { SharedData } from '../data/shared-data.js';
import type { Synthetics } from '../data/synthetic.js';
import type { UserError } from '../errors.js';
import { findMetric, METRIC_NAME, type MetricInfo } from '../metrics/catalogue.js';
import type { Recorder } from '../metrics/recorder.js';
import type { Tags } from '../metrics/series.js';
import type { SummaryReporters } from '../metrics/summary-reporters.js';
import type { Counting } from '../tokens/counting.js';
import type { HttpRecorder } from './http/http-recorder.js';
import type { LlmRecorder } from './llm-recorder.js';
import type { Log } from './record-log.js';
import type { WrongVariable } from './wrong-variables.js';

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
  /** There only where the file is read for its options: variables whose values are no good, to be told together. */
  readonly wrongVariables?: WrongVariable[] | undefined;
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
  readonly synthetics: Synthetics;
  /** Files and arrays at the top of the scenario file. */
  readonly shared: SharedData;
  /** How plain HTTP requests are made. */
  readonly http: Required<HttpOptions>;
  readonly metrics: MetricRegistry;
  readonly instance: Int32Array;
  /**
   * The server under test, of several the first; undefined where the file is only read for its options, or no server was
   * named.
   */
  readonly target: Target | undefined;
  /** The server for the next LLM request: of several the one whose turn it is. */
  readonly nextTarget: () => Target | undefined;
  /** The way to every server. */
  readonly transport: Transport;
  /** Undefined where nothing is measured. */
  readonly recorder: Recorder | undefined;
  readonly llm: LlmRecorder | undefined;
  readonly httpRecorder: HttpRecorder | undefined;
  /** There only where the model's tokenizer counts what the server does not. */
  readonly counting?: Counting | undefined;
  /** There only where somebody wants to know what happens, one by one. */
  readonly log?: Log | undefined;
  /** Milliseconds since the load started. */
  readonly elapsed: () => number;
  /** Options of the whole test; undefined while they are being read. */
  readonly options: Options | undefined;
  /** Told whenever code of a VU is about to run; iteration −1 is the top of the file. */
  readonly onEntry: (vu: number, iteration: number) => void;
  /** Ends the whole test, as the script asked. */
  readonly abort: (message: string) => void;
  /** Lets the whole test go on and fail at its end, as the script asked. */
  readonly markFailed: (message: string) => void;
  /** Ends the whole test, for it cannot work. */
  readonly fail: (error: UserError) => void;
  /** There only where `handleSummary` runs. */
  readonly reporters?: SummaryReporters | undefined;
  /** Told of every request that has ended, for `tokenswarm try`. */
  readonly onExchange?: ((request: AnyRequest, exchange: Exchange) => void) | undefined;
  /** The same of plain HTTP requests. */
  readonly onHttpExchange?: ((exchange: HttpExchange) => void) | undefined;
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
