import type { HttpOptions, Options } from '../api/options.js';
import type { Exchange } from '../client/exchange.js';
import type { HttpExchange } from '../client/http/http-exchange.js';
import type { AnyRequest } from '../client/protocols/protocol.js';
import type { Secrets } from '../client/secrets.js';
import type { Target } from '../client/target.js';
import type { Transport } from '../client/transport/transport.js';
import type { Clock } from '../clock.js';
import type { Datasets } from '../data/dataset.js';
import type { SharedData } from '../data/shared-data.js';
import type { Synthetics } from '../data/synthetic-prompts.js';
import type { UserError } from '../errors.js';
import { findMetric, METRIC_NAME, type MetricInfo } from '../metrics/catalogue.js';
import type { Recorder } from '../metrics/recorder.js';
import type { Tags } from '../metrics/series.js';
import type { SummaryReporters } from '../metrics/summary-reporters.js';
import type { TokenCounting } from '../tokens/counting.js';
import type { HttpRecorder } from './http/http-recorder.js';
import type { LlmRecorder } from './llm-recorder.js';
import type { Log } from './record-log.js';
import type { SessionRouting } from './session/session-routing.js';
import type { WrongVariable } from './wrong-variables.js';

/** Indexes of process-wide counts, in memory shared by all threads. */
export const INSTANCE = {
  vusActive: 0,
  vusInitialized: 1,
  iterationsCompleted: 2,
  iterationsInterrupted: 3,
  /** Most VUs active at once. */
  vusPeak: 4,
  /** Iterations that ended with an error of the script. */
  iterationsThrown: 5,
  /** Requests of iterations, from the instant they are sent. */
  requestsSent: 6,
  /** Requests that were pending when their iteration had ended. */
  requestsOutlived: 7,
} as const;

/** Context of all VUs in one thread. */
export interface Thread {
  readonly clock: Clock;
  /** Folder of the scenario file, base of relative paths. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Collects invalid variables while the file is read for its options. */
  readonly wrongVariables?: WrongVariable[] | undefined;
  /** True for a script of k6, whose rules then hold. */
  readonly isK6: boolean;
  /** Sources of secrets for a script of k6. */
  readonly secretSources: readonly string[];
  /** Tags of the whole run. */
  readonly tags: Tags;
  readonly tagKeys: readonly string[];
  readonly seed: number;
  /** VUs of the whole test. */
  readonly vus: number;
  /** Shortest duration of an iteration, in milliseconds. Its VU waits for the rest. */
  readonly minIterationDuration: number;
  /** Longest pause of a closed load's VU without a server, in milliseconds. */
  readonly connectBackoff: number;
  /** Actual starts of scenarios, in milliseconds since the load started. */
  readonly starts: Map<string, number>;
  readonly datasets: Datasets;
  readonly synthetics: Synthetics;
  /** Files and arrays opened in the init code. */
  readonly shared: SharedData;
  /** Options of plain HTTP requests. */
  readonly http: Required<HttpOptions>;
  readonly metrics: MetricRegistry;
  readonly instance: Int32Array;
  /** First server under test. Undefined where none was named, or the file is only read for its options. */
  readonly target: Target | undefined;
  /** Server for the next LLM request, round-robin. */
  readonly nextTarget: () => Target | undefined;
  readonly sessions: SessionRouting;
  /** Keys kept out of all output. Scripts add theirs by sending headers. */
  readonly secrets: Secrets;
  /** Routes to servers. */
  readonly transport: Transport;
  /** Undefined where nothing is recorded. */
  readonly recorder: Recorder | undefined;
  readonly llm: LlmRecorder | undefined;
  readonly httpRecorder: HttpRecorder | undefined;
  /** Token counts by the model's tokenizer; undefined without one. */
  readonly counting?: TokenCounting | undefined;
  /** Log of requests and samples, where one was asked for. */
  readonly log?: Log | undefined;
  /** Milliseconds since the load started. */
  readonly elapsed: () => number;
  /** Options of the whole test; undefined while they are being read. */
  readonly options: Options | undefined;
  /** Options of the whole test. Undefined while they are being read. */
  readonly onEntry: (vu: number, iteration: number) => void;
  /** Aborts the test on the script's request. */
  readonly abort: (message: string) => void;
  /** Marks the test as failed on the script's request; it runs on. */
  readonly markFailed: (message: string) => void;
  /** Ends the test with an error that makes it impossible. */
  readonly fail: (error: UserError) => void;
  /** Defined only while `handleSummary` runs. */
  readonly reporters?: SummaryReporters | undefined;
  /** Called for every finished LLM request, for `tokenswarm try`. */
  readonly onExchange?: ((request: AnyRequest, exchange: Exchange) => void) | undefined;
  /** Called for every finished plain HTTP request. */
  readonly onHttpExchange?: ((exchange: HttpExchange) => void) | undefined;
}

/** Custom metrics of the scenario file. */
export class MetricRegistry {
  readonly #metrics = new Map<string, MetricInfo>();

  /** Registers a metric. Throws for an invalid name, or one taken by a different kind. */
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
