import type { ProtocolName } from '../client/protocols/index.js';

export type { ProtocolName };

/** Duration such as `'30s'`, `'1m30s'` or `'250ms'`; a number is milliseconds. */
export type Duration = string | number;

/** Stage of a ramp: linear to `target` users within `duration`; `'0s'` jumps. */
export interface Stage {
  readonly duration: Duration;
  readonly target: number;
}

interface AnyScenario {
  /** Exported function that each iteration calls. Default: `'default'`. */
  readonly exec?: string;
  /** Start of the scenario after the load's start. With `startAfter`, after that scenario's end. Default: `'0s'`. */
  readonly startTime?: Duration;
  /** Scenario to wait for: this one starts after its last iteration. */
  readonly startAfter?: string;
  /** Time for iterations in progress at the scenario's end. Default: `'30s'`. */
  readonly gracefulStop?: Duration;
  /** Variables added to `__ENV` for this scenario. */
  readonly env?: Readonly<Record<string, string | number | boolean>>;
  /** Tags of all samples of this scenario. */
  readonly tags?: Readonly<Record<string, string | number | boolean>>;
}

/** Fixed number of users that iterate for a fixed time. */
export interface ConstantVus extends AnyScenario {
  readonly executor: 'constant-vus';
  /** Default: 1. */
  readonly vus?: number;
  /** At least one second. */
  readonly duration: Duration;
}

/** Number of users that follows stages; each iterates without pause. */
export interface RampingVus extends AnyScenario {
  readonly executor: 'ramping-vus';
  /** Users at the start. Default: 1. */
  readonly startVUs?: number;
  readonly stages: readonly Stage[];
  /** Time for a ramped-down user to finish its iteration. Default: `'30s'`. */
  readonly gracefulRampDown?: Duration;
}

/** Fixed number of iterations shared by a number of users. */
export interface SharedIterations extends AnyScenario {
  readonly executor: 'shared-iterations';
  /** Default: 1. */
  readonly vus?: number;
  /** Iterations of all users together. Default: 1. */
  readonly iterations?: number;
  /** No iteration starts after this time. Default: `'10m'`. */
  readonly maxDuration?: Duration;
}

/** Fixed number of iterations for each of a number of users. */
export interface PerVuIterations extends AnyScenario {
  readonly executor: 'per-vu-iterations';
  /** Default: 1. */
  readonly vus?: number;
  /** Iterations of each user. Default: 1. */
  readonly iterations?: number;
  /** No iteration starts after this time. Default: `'10m'`. */
  readonly maxDuration?: Duration;
}

/**
 * Spacing of arrivals, seeded by `seed`. Even, random and independent (`'poisson'`), or with gamma-distributed gaps: a
 * shape below 1 is burstier than Poisson, one above 1 more even.
 */
export type Arrivals = 'uniform' | 'poisson' | { readonly gamma: number };

interface ArrivalRate extends AnyScenario {
  /** Time unit of rates. Default: `'1s'`. */
  readonly timeUnit?: Duration;
  /** Users created before the load. Each takes one arrival at a time. */
  readonly preAllocatedVUs: number;
  /** Most users; more are created during the run when none is free. Default: `preAllocatedVUs`. */
  readonly maxVUs?: number;
  /** Default: `'uniform'`. */
  readonly arrivals?: Arrivals;
}

/** Fixed rate of iterations, independent of their duration. Arrivals without a free user are dropped and counted. */
export interface ConstantArrivalRate extends ArrivalRate {
  readonly executor: 'constant-arrival-rate';
  /** Iterations per `timeUnit`, above 0. */
  readonly rate: number;
  /** At least one second. */
  readonly duration: Duration;
}

/** Stage of a rate: linear to `target` per `timeUnit` within `duration`. `'0s'` jumps. */
export interface RateStage {
  readonly duration: Duration;
  readonly target: number;
}

/** Rate of iterations that follows stages. */
export interface RampingArrivalRate extends ArrivalRate {
  readonly executor: 'ramping-arrival-rate';
  /** Iterations per `timeUnit` at the start. Default: 0. */
  readonly startRate?: number;
  readonly stages: readonly RateStage[];
}

/** Replay of a trace's requests at their own times. Those without a free user are dropped and counted. */
export interface TracePlay extends AnyScenario {
  readonly executor: 'trace';
  /**
   * Trace of Mooncake or Qwen-Bailian (JSON lines), BurstGPT or Azure (CSV). The path is relative to the folder of the
   * scenario file.
   */
  readonly file: string;
  /** Unit of its times. Default: by its form, else a guess by the times, with a warning. */
  readonly timestamps?: 'seconds' | 'milliseconds';
  /** Tokens per entry of `hash_ids`. Default: by their number. */
  readonly blockTokens?: number;
  /** Speed of the replay: 2 replays an hour in half an hour. Default: 1. */
  readonly speed?: number;
  /** Offset in the trace to start from. Default: `'0s'`. */
  readonly from?: Duration;
  /** Duration of the replayed part, at least one second. Default: to its end. */
  readonly duration?: Duration;
  /** Users created before the load. Each takes one request at a time. */
  readonly preAllocatedVUs: number;
  /** Most users; more are created during the run when none is free. Default: `preAllocatedVUs`. */
  readonly maxVUs?: number;
}

/** Part of the load, with the executor that schedules its iterations. */
export type Scenario =
  | ConstantVus
  | RampingVus
  | SharedIterations
  | PerVuIterations
  | ConstantArrivalRate
  | RampingArrivalRate
  | TracePlay;

/** Name of an executor. */
export type ExecutorName = Scenario['executor'];

/** Threshold such as `'p(95)<500'`, with its action on failure. */
export interface ThresholdOptions {
  readonly threshold: string;
  /** Ends the run as soon as the threshold fails. Default: false. */
  readonly abortOnFail?: boolean;
  /** Time before which the run is not aborted. Default: `'0s'`. */
  readonly delayAbortEval?: Duration;
  /** Passes without a sample, as in k6. Default: `allowEmptyThresholds`. */
  readonly allowEmpty?: boolean;
}

/** Options of `http`, named as in k6. */
export interface HttpOptions {
  /** Most requests of one `http.batch` in flight. Default: 20. */
  readonly batch?: number;
  /** Most of them in flight to one server. Default: 6. */
  readonly batchPerHost?: number;
  /** Most redirects followed. Default: 10. */
  readonly maxRedirects?: number;
  /** `User-Agent` header. Default: `'tokenswarm'`. */
  readonly userAgent?: string;
  /** Discards bodies, unless the request has a `responseType`. Default: false. */
  readonly discardResponseBodies?: boolean;
  /** Keeps a user's cookies between iterations. Default: false. */
  readonly noCookiesReset?: boolean;
  /** Throws where a request has no response. Default: false. */
  readonly throw?: boolean;
}

/** Trust and client certificates of https servers. Paths are relative to the scenario file. */
export interface TlsOptions {
  /** Authorities trusted besides Node's: PEM file or PEM text. */
  readonly ca?: string | undefined;
  /** Client certificate with its intermediates: PEM file or PEM text. */
  readonly cert?: string | undefined;
  /** Private key of the client certificate: PEM file or PEM text. */
  readonly key?: string | undefined;
  /** Passphrase of the private key. */
  readonly passphrase?: string | undefined;
  /** Name expected in servers' certificates. Default: the host of each server's URL. */
  readonly serverName?: string | undefined;
}

/**
 * Options of a run: `options` of the scenario file, or JSON config. The environment (`TOKENSWARM_VUS`) and command-line
 * flags override both.
 */
export interface Options extends HttpOptions {
  /**
   * Base URL of the server, such as `'http://127.0.0.1:8000/v1'`. Or a Unix socket, such as
   * `'unix:/run/vllm.sock:/v1'`.
   */
  readonly baseUrl?: string;
  /** Base URLs of several servers with one model, used round-robin. Excludes `baseUrl`. */
  readonly baseUrls?: readonly string[];
  /** Model to request. Default: the first that the server lists. */
  readonly model?: string;
  /** Sent as `Authorization: Bearer …`; never printed. Better kept in `OPENAI_API_KEY`. */
  readonly apiKey?: string;
  /** Checks the server before the load: lists models, requests one token. Default: true. */
  readonly preflight?: boolean;
  /** Authorities and client certificates for https servers. */
  readonly tls?: TlsOptions;
  /** Accepts any certificate of any server. Default: false. */
  readonly insecureSkipTLSVerify?: boolean;
  /** Uses HTTP/2 with https servers that offer it. Default: false. */
  readonly http2?: boolean;
  /**
   * Source of server metrics: URL of a vLLM metrics page. `'off'` for none, or `'auto'`: `/metrics` at the server's
   * root, unless `preflight` is false. Default: `'auto'`.
   */
  readonly serverMetrics?: string;
  /**
   * Path of the model's `tokenizer.json` or its folder. Relative to the scenario file. Counts the tokens of answers
   * without `usage`, checks those with it, and gives `synthetic` prompts their length.
   */
  readonly tokenizer?: string;
  /** Protocol of the preflight. For scenarios whose server does not offer `chat`. Default: `'chat'`. */
  readonly protocol?: ProtocolName;
  /** Parts of the load by name. Excludes the shortcuts `vus`, `duration`, `iterations` and `stages`. */
  readonly scenarios?: Readonly<Record<string, Scenario>>;
  /** Shortcut: number of users. Alone: one iteration each. */
  readonly vus?: number;
  /** Shortcut: duration for which `vus` users iterate. */
  readonly duration?: Duration;
  /** Shortcut: iterations shared by `vus` users. */
  readonly iterations?: number;
  /** Shortcut: stages of a ramp, starting with `vus`. */
  readonly stages?: readonly Stage[];
  /** Limits on metrics, such as `{ llm_ttft: ['p(95)<500'], 'llm_e2e{name:short}': ['avg<2000'] }`. */
  readonly thresholds?: Readonly<Record<string, readonly (string | ThresholdOptions)[]>>;
  /** Tags of all samples of the run. */
  readonly tags?: Readonly<Record<string, string | number | boolean>>;
  /** Time limit of `setup`, and of each user's `vuSetup`. Default: `'60s'`. */
  readonly setupTimeout?: Duration;
  /** Time limit of `teardown`, and of each user's `vuTeardown`. Default: `'60s'`. */
  readonly teardownTimeout?: Duration;
  /** Shortest iteration: a user waits for the rest. Not part of `iteration_duration`. Default: `'0s'`. */
  readonly minIterationDuration?: Duration;
  /** Time from the load's maximum to the steady state. Default: `'0s'`. */
  readonly warmup?: Duration;
  /** Labels in the summary that identify runs, such as `{ gpu: 'H800' }`. */
  readonly labels?: Readonly<Record<string, string | number | boolean>>;
  /** Default: `'120s'`. */
  readonly handleSummaryTimeout?: Duration;
  /** Skips `setup`. Default: false. */
  readonly noSetup?: boolean;
  /** Skips `teardown`. Default: false. */
  readonly noTeardown?: boolean;
  /** Skips thresholds. Default: false. */
  readonly noThresholds?: boolean;
  /** Passes thresholds without a sample, as k6 does. Default: false. */
  readonly allowEmptyThresholds?: boolean;
  /** Seed of `random()`, the order of data sets and random arrivals. Default: a new one for each run. */
  readonly seed?: number;
  /** Number of worker threads. Default: one less than the cores. */
  readonly workers?: number;
}
