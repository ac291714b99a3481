import type { ProtocolName } from '../client/protocols/index.js';
import type { Duration, Scenario, Stage } from './scenarios.js';

export type { ProtocolName };

/** Threshold such as `'p(95)<500'`, with its action on failure. */
export interface ThresholdOptions {
  /** Condition. Limits of times are milliseconds. */
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
  /** Opens a connection for each request. Default: false. */
  readonly noConnectionReuse?: boolean;
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
  /** Oldest version of TLS. Default: Node's. */
  readonly minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3' | undefined;
  /** Newest version of TLS. Default: Node's. */
  readonly maxVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3' | undefined;
  /** Ciphers in OpenSSL's form, such as `'ECDHE-RSA-AES128-GCM-SHA256'`. Default: Node's. */
  readonly ciphers?: string | undefined;
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
  /** Header for the id of a `session`. Routers key on it. Default: none. */
  readonly sessionHeader?: string;
  /** Body field for the id of a `session`. Dots lead into objects. Default: none. */
  readonly sessionField?: string;
  /** Sends all requests of a `session` to the same of several servers. Default: true. */
  readonly stickySessions?: boolean;
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
  /** Addresses of hosts, such as `{ 'api.test': '10.0.0.7:8443', '*.test': '10.0.0.8' }`. Names in certificates stay. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Addresses of this machine that connections start from, in turns. Each has ports of its own. */
  readonly localAddresses?: readonly string[];
  /** Uses HTTP/2 with https servers that offer it. Default: false. */
  readonly http2?: boolean;
  /**
   * Reader of streams over plain HTTP/1.1. `'native'` is in C and takes the kernel's time stamps, `'auto'` is native
   * where that can be built. Default: `'js'`.
   */
  readonly reader?: 'auto' | 'native' | 'js';
  /**
   * Source of server metrics: URL of a metrics page. `'off'` for none, or `'auto'`: `/metrics` at the server's
   * root, unless `preflight` is false. Default: `'auto'`.
   */
  readonly serverMetrics?: string;
  /**
   * Source of the cards' power and memory: URL of a DCGM exporter. `'off'` for none, or `'auto'`: `nvidia-smi` or
   * `amd-smi` of this machine, if a server is on it. Default: `'auto'`.
   */
  readonly gpu?: string;
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
  /** Limits on metrics; times are milliseconds. Such as `{ llm_ttft: ['p(95)<500'], 'llm_e2e{name:short}': ['avg<2000'] }`. */
  readonly thresholds?: Readonly<Record<string, readonly (string | ThresholdOptions)[]>>;
  /** Tags of all samples of the run. */
  readonly tags?: Readonly<Record<string, string | number | boolean>>;
  /** Time limit of `setup`, and of each user's `vuSetup`. Default: `'60s'`. */
  readonly setupTimeout?: Duration;
  /** Time limit of `teardown`, and of each user's `vuTeardown`. Default: `'60s'`. */
  readonly teardownTimeout?: Duration;
  /** Shortest iteration: a user waits for the rest. Not part of `iteration_duration`. Default: `'0s'`. */
  readonly minIterationDuration?: Duration;
  /** Longest pause of a closed load's user without a server. `'0s'`: none. Default: `'1s'`. */
  readonly connectBackoff?: Duration;
  /** Time from the load's maximum to the steady state. Default: `'0s'`. */
  readonly warmup?: Duration;
  /** Labels in the summary that identify runs, such as `{ gpu: 'H800' }`. */
  readonly labels?: Readonly<Record<string, string | number | boolean>>;
  /** Statistics of HTTP and own distributions in summaries, such as `['avg', 'p(99.9)']`. Default: k6's six. */
  readonly summaryTrendStats?: readonly string[];
  /** Unit of the same times in the text summary. Default: the one that fits. */
  readonly summaryTimeUnit?: 's' | 'ms' | 'us';
  /** Tags of k6's own that `k6-json` and `k6-csv` keep. Default: all. */
  readonly systemTags?: readonly string[];
  /** Prints plain HTTP requests and responses on stderr, `'full'` with bodies. Default: neither. */
  readonly httpDebug?: 'headers' | 'full';
  /** File to append what the script's `console` prints. Default: none. */
  readonly consoleOutput?: string;
  /** Form of what the script's `console` prints. Default: as it is. */
  readonly logFormat?: 'text' | 'raw' | 'json';
  /** Waits before the load until the run is resumed. Default: false. */
  readonly paused?: boolean;
  /** Default: `'120s'`. */
  readonly handleSummaryTimeout?: Duration;
  /** Imports scripts from the network only if they were fetched before. Not for the scenario itself. Default: false. */
  readonly offline?: boolean;
  /** Skips `setup`. Default: false. */
  readonly noSetup?: boolean;
  /** Skips `teardown`. Default: false. */
  readonly noTeardown?: boolean;
  /** Skips thresholds. Default: false. */
  readonly noThresholds?: boolean;
  /** Passes thresholds without a sample, as k6 does. Default: false. */
  readonly allowEmptyThresholds?: boolean;
  /** Secrets for `k6/secrets`, each `mock=NAME=VALUE` or `file=PATH`. */
  readonly secretSources?: readonly string[];
  /** Seed of `random()`, the order of data sets and random arrivals. Default: a new one for each run. */
  readonly seed?: number;
  /** Number of worker threads. Default: one less than the cores. */
  readonly workers?: number;
  /** Share of the run on this machine, such as `'2/3'`. Default: all. */
  readonly share?: string;
  /** Instant at which the load starts, such as `'2026-12-01T08:00:00Z'`. */
  readonly startAt?: string;
  /** Meeting point of the shares: a folder, or `host:port` of share 1. They start together. */
  readonly startTogether?: string;
  /** Share in k6's form, such as `'1/3:2/3'`. Segments must be equal. */
  readonly executionSegment?: string;
  /** Limits of all segments in k6's form, such as `'0,1/3,2/3,1'`. */
  readonly executionSegmentSequence?: string;
}
