import type { ProtocolName } from '../client/protocols/index.js';

export type { ProtocolName };

/** A time such as `'30s'`, `'1m30s'` or `'250ms'`; a number counts as milliseconds. */
export type Duration = string | number;

/** One leg of a ramp: get to `target` users in `duration`, linearly; `'0s'` jumps. */
export interface Stage {
  readonly duration: Duration;
  readonly target: number;
}

interface AnyScenario {
  /** The exported function that each iteration calls. Default: `'default'`. */
  readonly exec?: string;
  /** When the scenario starts, counted from the start of the load or, with `startAfter`, from there. Default: `'0s'`. */
  readonly startTime?: Duration;
  /** The scenario after whose end this one starts: when all of that one's iterations have ended. */
  readonly startAfter?: string;
  /** How long iterations that run at the scenario's end may go on. Default: `'30s'`. */
  readonly gracefulStop?: Duration;
  /** Added to `__ENV` for this scenario. */
  readonly env?: Readonly<Record<string, string | number | boolean>>;
  /** Put on every sample of this scenario. */
  readonly tags?: Readonly<Record<string, string | number | boolean>>;
}

/** A fixed number of users iterate as often as they can for a fixed time. */
export interface ConstantVus extends AnyScenario {
  readonly executor: 'constant-vus';
  /** Default: 1. */
  readonly vus?: number;
  /** At least one second. */
  readonly duration: Duration;
}

/** A number of users that follows stages, each iterating as often as it can. */
export interface RampingVus extends AnyScenario {
  readonly executor: 'ramping-vus';
  /** Users at the start. Default: 1. */
  readonly startVUs?: number;
  readonly stages: readonly Stage[];
  /** How long a user that is ramped down may take to finish its iteration. Default: `'30s'`. */
  readonly gracefulRampDown?: Duration;
}

/** A fixed number of iterations that a number of users take from one pile. */
export interface SharedIterations extends AnyScenario {
  readonly executor: 'shared-iterations';
  /** Default: 1. */
  readonly vus?: number;
  /** For all users together. Default: 1. */
  readonly iterations?: number;
  /** No iteration starts after this time. Default: `'10m'`. */
  readonly maxDuration?: Duration;
}

/** A fixed number of iterations for each of a number of users. */
export interface PerVuIterations extends AnyScenario {
  readonly executor: 'per-vu-iterations';
  /** Default: 1. */
  readonly vus?: number;
  /** For each user. Default: 1. */
  readonly iterations?: number;
  /** No iteration starts after this time. Default: `'10m'`. */
  readonly maxDuration?: Duration;
}

/**
 * How arrivals are spaced: evenly; at random and independently of one another (`'poisson'`); or with gamma-distributed
 * gaps, where a burstiness below 1 is burstier than Poisson and one above 1 is more even. Seeded by `seed`.
 */
export type Arrivals = 'uniform' | 'poisson' | { readonly gamma: number };

interface ArrivalRate extends AnyScenario {
  /** What rates are counted in. Default: `'1s'`. */
  readonly timeUnit?: Duration;
  /** Users that are made before the load. Each takes one arrival at a time. */
  readonly preAllocatedVUs: number;
  /** More are made while it runs, up to so many, when none is free. Default: `preAllocatedVUs`. */
  readonly maxVUs?: number;
  /** Default: `'uniform'`. */
  readonly arrivals?: Arrivals;
}

/** Iterations arrive at a fixed rate, however long the others take; what finds no free user is dropped and counted. */
export interface ConstantArrivalRate extends ArrivalRate {
  readonly executor: 'constant-arrival-rate';
  /** Iterations a `timeUnit`, above 0. */
  readonly rate: number;
  /** At least one second. */
  readonly duration: Duration;
}

/** One leg of a rate: get to `target` iterations a `timeUnit` in `duration`, linearly; `'0s'` jumps. */
export interface RateStage {
  readonly duration: Duration;
  readonly target: number;
}

/** Iterations arrive at a rate that follows stages. */
export interface RampingArrivalRate extends ArrivalRate {
  readonly executor: 'ramping-arrival-rate';
  /** Iterations a `timeUnit` at the start. Default: 0. */
  readonly startRate?: number;
  readonly stages: readonly RateStage[];
}

/** The requests of a trace arrive at their own times; what finds no free user is dropped and counted. */
export interface TracePlay extends AnyScenario {
  readonly executor: 'trace';
  /**
   * A trace of Mooncake's form (JSON lines), of BurstGPT's or of Azure's (CSV). The path is relative to the folder of the
   * scenario file.
   */
  readonly file: string;
  /** How many times as fast as it came: 2 plays an hour of the trace in half an hour. Default: 1. */
  readonly speed?: number;
  /** Where in the trace to begin, since its first request. Default: `'0s'`. */
  readonly from?: Duration;
  /** How long to play it, at least one second. Default: to its end. */
  readonly duration?: Duration;
  /** Users that are made before the load. Each takes one request at a time. */
  readonly preAllocatedVUs: number;
  /** More are made while it runs, up to so many, when none is free. Default: `preAllocatedVUs`. */
  readonly maxVUs?: number;
}

/** A part of the load, with an executor that says when its users iterate. */
export type Scenario =
  | ConstantVus
  | RampingVus
  | SharedIterations
  | PerVuIterations
  | ConstantArrivalRate
  | RampingArrivalRate
  | TracePlay;

/** The name of an executor. */
export type ExecutorName = Scenario['executor'];

/** A condition such as `'p(95)<500'`, with what should happen when it does not hold. */
export interface ThresholdOptions {
  readonly threshold: string;
  /** End the run as soon as the condition does not hold. Default: false. */
  readonly abortOnFail?: boolean;
  /** Do not abort before this much of the run has passed. Default: `'0s'`. */
  readonly delayAbortEval?: Duration;
}

/** How `http` makes requests, as k6's options of the same names. */
export interface HttpOptions {
  /** Requests of one `http.batch` that are in flight at once. Default: 20. */
  readonly batch?: number;
  /** Those of them that go to one server. Default: 6. */
  readonly batchPerHost?: number;
  /** Redirects that are followed. Default: 10. */
  readonly maxRedirects?: number;
  /** Sent as `User-Agent`. Default: `'tokenswarm'`. */
  readonly userAgent?: string;
  /** Throw bodies away as they come, unless the request asks for a `responseType`. Default: false. */
  readonly discardResponseBodies?: boolean;
  /** Keep a user's cookies from one iteration to the next. Default: false. */
  readonly noCookiesReset?: boolean;
  /** Throw when there is no response to a request. Default: false. */
  readonly throw?: boolean;
}

/** How https servers are believed, and how they are shown who we are. Files are named by paths from the scenario file. */
export interface TlsOptions {
  /** PEM file or PEM text of authorities to be trusted beside the usual ones. */
  readonly ca?: string | undefined;
  /** PEM file or PEM text of a client certificate, with the certificates between it and its authority. */
  readonly cert?: string | undefined;
  /** PEM file or PEM text of the client certificate's private key. */
  readonly key?: string | undefined;
  /** Opens the private key. */
  readonly passphrase?: string | undefined;
  /** The name that servers' certificates have to bear. Default: the host of each server's URL. */
  readonly serverName?: string | undefined;
}

/**
 * What a scenario file may export as `options`, and a config file hold as JSON. The environment (`TOKENSWARM_VUS`) and
 * command-line flags win over both.
 */
export interface Options extends HttpOptions {
  /** The server under test, such as `'http://127.0.0.1:8000/v1'`, or `'unix:/run/vllm.sock:/v1'`. */
  readonly baseUrl?: string;
  /** Several servers with the same model, which take turns. Excludes `baseUrl`. */
  readonly baseUrls?: readonly string[];
  /** The model to ask for. Default: the first that the server lists. */
  readonly model?: string;
  /** Sent as `Authorization: Bearer …`; never printed. Better kept in `OPENAI_API_KEY`. */
  readonly apiKey?: string;
  /** Whether the server is tried before the load: its models are listed and one token is asked for. Default: true. */
  readonly preflight?: boolean;
  /** Own authorities and client certificates for https servers. */
  readonly tls?: TlsOptions;
  /** Believe any certificate of any server. Default: false. */
  readonly insecureSkipTLSVerify?: boolean;
  /** Speak HTTP/2 with https servers that offer it. Default: false. */
  readonly http2?: boolean;
  /**
   * Where the server tells of itself: the URL of a page of metrics as vLLM has them, `'off'`, or `'auto'`, `/metrics` at
   * the server's root, unless `preflight` is false. Default: `'auto'`.
   */
  readonly serverMetrics?: string;
  /**
   * The model's `tokenizer.json`, or the folder that holds it: counts the tokens of answers where the server does not
   * (`usage`), checks those that it counts, and gives `synthetic` prompts their length. The path is relative to the
   * scenario file.
   */
  readonly tokenizer?: string;
  /** How the server is tried before the load; for scenarios whose server does not speak `chat`. Default: `'chat'`. */
  readonly protocol?: ProtocolName;
  /** The parts of the load by name. Excludes the shortcuts `vus`, `duration`, `iterations` and `stages`. */
  readonly scenarios?: Readonly<Record<string, Scenario>>;
  /** Shortcut: so many users. Alone: one iteration each. */
  readonly vus?: number;
  /** Shortcut: `vus` users iterate for so long. */
  readonly duration?: Duration;
  /** Shortcut: `vus` users share so many iterations. */
  readonly iterations?: number;
  /** Shortcut: ramp users over these stages, starting with `vus`. */
  readonly stages?: readonly Stage[];
  /** Limits on metrics: `{ llm_ttft: ['p(95)<500'], 'llm_e2e{name:short}': ['avg<2000'] }`. */
  readonly thresholds?: Readonly<Record<string, readonly (string | ThresholdOptions)[]>>;
  /** Put on every sample of the run. */
  readonly tags?: Readonly<Record<string, string | number | boolean>>;
  /** How long `setup`, and `vuSetup` of each user, may take. Default: `'60s'`. */
  readonly setupTimeout?: Duration;
  /** How long `teardown`, and `vuTeardown` of each user, may take. Default: `'60s'`. */
  readonly teardownTimeout?: Duration;
  /** An iteration that is shorter keeps its user waiting for the rest; not in `iteration_duration`. Default: `'0s'`. */
  readonly minIterationDuration?: Duration;
  /** The steady state begins so much later than the load reaches its maximum. Default: `'0s'`. */
  readonly warmup?: Duration;
  /** Written into the summary, to tell runs apart: `{ gpu: 'H800' }`. */
  readonly labels?: Readonly<Record<string, string | number | boolean>>;
  /** Default: `'120s'`. */
  readonly handleSummaryTimeout?: Duration;
  /** Do not call `setup`. Default: false. */
  readonly noSetup?: boolean;
  /** Do not call `teardown`. Default: false. */
  readonly noTeardown?: boolean;
  /** Do not judge thresholds. Default: false. */
  readonly noThresholds?: boolean;
  /** Makes `random()`, the order of data sets and random arrivals the same in every run. Default: a new one for each run. */
  readonly seed?: number;
  /** Worker threads. Default: one less than there are cores. */
  readonly workers?: number;
}
