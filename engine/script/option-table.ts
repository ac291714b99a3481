import type { Options, TlsOptions } from '../api/options.js';

/** How the text of an option is read, wherever it comes as text: see option-text. */
export type TextKind = 'text' | 'urls' | 'number' | 'switch' | 'pairs' | 'stages' | 'list';

/** The commands that run or read a scenario. */
export type ScenarioCommand = 'run' | 'try' | 'inspect';

/** One option: all the ways in which it can be given. */
export interface OptionRow {
  /** Its key in a scenario's `options`, in a config file and in the settings of a program. */
  readonly name: keyof Options | `tls.${keyof TlsOptions}` | CommandOption;
  /** Undefined where it cannot be said in one text. */
  readonly kind?: TextKind;
  /** As the command line's help shows it. */
  readonly flag?: string;
  readonly variable?: string;
  /** The commands that take the flag. */
  readonly commands?: readonly ScenarioCommand[];
  readonly meaning: string;
  /** What holds where nobody says anything, in words. */
  readonly otherwise?: string;
}

/** What only the command line, and partly the environment, can say: it is of no scenario. */
export const COMMAND_OPTIONS = ['config', 'env', 'simulate', 'out', 'quiet'] as const;

export type CommandOption = (typeof COMMAND_OPTIONS)[number];

const ALL: readonly ScenarioCommand[] = ['run', 'try', 'inspect'];
const LOADING: readonly ScenarioCommand[] = ['run', 'inspect'];

/**
 * Every option there is. Flags, variables, the help of the commands and a test of docs/options.md are made of this
 * table; what a value may be is said by `optionsShape`.
 */
export const OPTIONS: readonly OptionRow[] = [
  {
    name: 'baseUrl',
    kind: 'urls',
    flag: '--base-url <url>',
    variable: 'TOKENSWARM_BASE_URL',
    commands: ALL,
    meaning: 'server under test, such as http://127.0.0.1:8000/v1; several, repeated or with commas, take turns',
    otherwise: 'OPENAI_BASE_URL',
  },
  { name: 'baseUrls', meaning: 'several servers that take turns' },
  {
    name: 'model',
    kind: 'text',
    flag: '--model <name>',
    variable: 'TOKENSWARM_MODEL',
    commands: ALL,
    meaning: 'model to ask for',
    otherwise: 'the first that the server lists',
  },
  {
    name: 'apiKey',
    kind: 'text',
    flag: '--api-key <key>',
    variable: 'TOKENSWARM_API_KEY',
    commands: ALL,
    meaning: 'sent as bearer token, never printed',
    otherwise: 'OPENAI_API_KEY',
  },
  {
    name: 'simulate',
    kind: 'switch',
    flag: '--simulate',
    variable: 'TOKENSWARM_SIMULATE',
    commands: ['run', 'try'],
    meaning: 'start the embedded simulator and use it as server',
  },
  {
    name: 'preflight',
    kind: 'switch',
    flag: '--no-preflight',
    variable: 'TOKENSWARM_PREFLIGHT',
    commands: ALL,
    meaning: 'do not try the server before the load',
  },
  {
    name: 'protocol',
    kind: 'text',
    variable: 'TOKENSWARM_PROTOCOL',
    meaning: 'how the server is tried before the load',
    otherwise: 'chat',
  },
  {
    name: 'tls.ca',
    kind: 'text',
    flag: '--ca <file>',
    variable: 'TOKENSWARM_TLS_CA',
    commands: ['run', 'try'],
    meaning: 'trust the authorities of this PEM file as well',
  },
  {
    name: 'tls.cert',
    kind: 'text',
    flag: '--cert <file>',
    variable: 'TOKENSWARM_TLS_CERT',
    commands: ['run', 'try'],
    meaning: 'client certificate, PEM; with --key',
  },
  {
    name: 'tls.key',
    kind: 'text',
    flag: '--key <file>',
    variable: 'TOKENSWARM_TLS_KEY',
    commands: ['run', 'try'],
    meaning: 'its private key, PEM',
  },
  {
    name: 'tls.passphrase',
    kind: 'text',
    variable: 'TOKENSWARM_TLS_PASSPHRASE',
    meaning: 'opens the private key',
  },
  { name: 'tls.serverName', meaning: "the name that servers' certificates have to bear", otherwise: "each URL's host" },
  {
    name: 'insecureSkipTLSVerify',
    kind: 'switch',
    flag: '--insecure-skip-tls-verify',
    variable: 'TOKENSWARM_INSECURE_SKIP_TLS_VERIFY',
    commands: ['run', 'try'],
    meaning: 'believe any certificate of any server',
  },
  {
    name: 'http2',
    kind: 'switch',
    flag: '--http2',
    variable: 'TOKENSWARM_HTTP2',
    commands: ['run', 'try'],
    meaning: 'speak HTTP/2 with https servers that offer it',
  },
  {
    name: 'config',
    kind: 'text',
    flag: '-c, --config <file>',
    variable: 'TOKENSWARM_CONFIG',
    commands: ALL,
    meaning: "JSON file of options, below the scenario's own",
  },
  {
    name: 'env',
    kind: 'pairs',
    flag: '-e, --env <NAME=value>',
    commands: ALL,
    meaning: 'set __ENV.NAME for the scenario; repeatable',
  },
  {
    name: 'seed',
    kind: 'number',
    flag: '--seed <number>',
    variable: 'TOKENSWARM_SEED',
    commands: ALL,
    meaning: 'make random() and the order of data sets repeatable',
    otherwise: 'a new one for each run; it is in the summary',
  },
  {
    name: 'vus',
    kind: 'number',
    flag: '-u, --vus <number>',
    variable: 'TOKENSWARM_VUS',
    commands: LOADING,
    meaning: 'virtual users; alone: one iteration each',
  },
  {
    name: 'duration',
    kind: 'text',
    flag: '-d, --duration <time>',
    variable: 'TOKENSWARM_DURATION',
    commands: LOADING,
    meaning: 'how long they iterate, such as 30s or 10m',
  },
  {
    name: 'iterations',
    kind: 'number',
    flag: '-i, --iterations <number>',
    variable: 'TOKENSWARM_ITERATIONS',
    commands: LOADING,
    meaning: 'iterations that they share',
  },
  {
    name: 'stages',
    kind: 'stages',
    flag: '-s, --stage <time:users>',
    variable: 'TOKENSWARM_STAGES',
    commands: LOADING,
    meaning: 'ramp to so many users in this time; repeatable',
  },
  { name: 'scenarios', meaning: 'the parts of the load by name' },
  { name: 'thresholds', meaning: 'conditions by metric' },
  {
    name: 'tags',
    kind: 'pairs',
    flag: '--tag <name=value>',
    variable: 'TOKENSWARM_TAGS',
    commands: LOADING,
    meaning: 'put on every sample; repeatable',
  },
  {
    name: 'labels',
    kind: 'pairs',
    flag: '--label <name=value>',
    variable: 'TOKENSWARM_LABELS',
    commands: LOADING,
    meaning: 'written into the summary, such as gpu=H800; repeatable',
  },
  {
    name: 'workers',
    kind: 'number',
    flag: '--workers <number>',
    variable: 'TOKENSWARM_WORKERS',
    commands: LOADING,
    meaning: 'worker threads',
    otherwise: 'cores less one',
  },
  {
    name: 'setupTimeout',
    kind: 'text',
    variable: 'TOKENSWARM_SETUP_TIMEOUT',
    meaning: 'how long setup() may take',
    otherwise: '60s',
  },
  {
    name: 'teardownTimeout',
    kind: 'text',
    variable: 'TOKENSWARM_TEARDOWN_TIMEOUT',
    meaning: 'how long teardown() may take',
    otherwise: '60s',
  },
  {
    name: 'minIterationDuration',
    kind: 'text',
    variable: 'TOKENSWARM_MIN_ITERATION_DURATION',
    meaning: 'a shorter iteration keeps its user waiting for the rest',
    otherwise: '0s',
  },
  {
    name: 'warmup',
    kind: 'text',
    variable: 'TOKENSWARM_WARMUP',
    meaning: 'how much later the steady state begins than the load reaches its maximum',
    otherwise: '0s',
  },
  {
    name: 'handleSummaryTimeout',
    kind: 'text',
    variable: 'TOKENSWARM_HANDLE_SUMMARY_TIMEOUT',
    meaning: 'how long handleSummary() may take',
    otherwise: '120s',
  },
  {
    name: 'noSetup',
    kind: 'switch',
    flag: '--no-setup',
    variable: 'TOKENSWARM_NO_SETUP',
    commands: ['run'],
    meaning: 'do not call setup()',
  },
  {
    name: 'noTeardown',
    kind: 'switch',
    flag: '--no-teardown',
    variable: 'TOKENSWARM_NO_TEARDOWN',
    commands: ['run'],
    meaning: 'do not call teardown()',
  },
  {
    name: 'noThresholds',
    kind: 'switch',
    flag: '--no-thresholds',
    variable: 'TOKENSWARM_NO_THRESHOLDS',
    commands: ['run'],
    meaning: 'do not judge the thresholds',
  },
  {
    name: 'batch',
    kind: 'number',
    variable: 'TOKENSWARM_BATCH',
    meaning: 'requests of one http.batch in flight at once',
    otherwise: '20',
  },
  {
    name: 'batchPerHost',
    kind: 'number',
    variable: 'TOKENSWARM_BATCH_PER_HOST',
    meaning: 'those of them that go to one server',
    otherwise: '6',
  },
  {
    name: 'maxRedirects',
    kind: 'number',
    variable: 'TOKENSWARM_MAX_REDIRECTS',
    meaning: 'redirects that http follows',
    otherwise: '10',
  },
  {
    name: 'userAgent',
    kind: 'text',
    variable: 'TOKENSWARM_USER_AGENT',
    meaning: 'User-Agent of http requests',
    otherwise: 'tokenswarm',
  },
  {
    name: 'discardResponseBodies',
    kind: 'switch',
    variable: 'TOKENSWARM_DISCARD_RESPONSE_BODIES',
    meaning: 'throw bodies of http responses away',
  },
  {
    name: 'noCookiesReset',
    kind: 'switch',
    variable: 'TOKENSWARM_NO_COOKIES_RESET',
    meaning: "keep a user's cookies from one iteration to the next",
  },
  {
    name: 'throw',
    kind: 'switch',
    variable: 'TOKENSWARM_THROW',
    meaning: 'throw when there is no response to an http request',
  },
  {
    name: 'out',
    kind: 'list',
    flag: '-o, --out <format=file>',
    variable: 'TOKENSWARM_OUT',
    commands: ['run'],
    meaning: 'write a report: json=results/run.json; repeatable',
  },
  {
    name: 'quiet',
    kind: 'switch',
    flag: '-q, --quiet',
    variable: 'TOKENSWARM_QUIET',
    commands: ['run'],
    meaning: 'no progress while it runs',
  },
];

/** The row of an option, or of the one that a path such as `stages[0].target` is part of; undefined where there is none. */
export function rowOf(path: string): OptionRow | undefined {
  return OPTIONS.find(({ name }) => name === path) ?? OPTIONS.find(({ name }) => name === path.replace(/\W.*/s, ''));
}

/** Puts the value of an option into an object of options; `tls.ca` goes into its part. */
export function setOption(options: Record<string, unknown>, name: string, value: unknown): void {
  const [whole = '', part] = name.split('.');
  options[whole] = part === undefined ? value : { ...(options[whole] as object), [part]: value };
}

/** An option as the command line says it: `stages` → `--stage`. The name itself where it has no flag. */
export function flagOf(name: string): string {
  return /--[\w-]+/.exec(rowOf(name)?.flag ?? '')?.[0] ?? name;
}
