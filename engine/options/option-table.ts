import type { OptionRow, ScenarioCommand } from './option-row.js';

const ALL: readonly ScenarioCommand[] = ['run', 'try', 'inspect'];
const LOADING: readonly ScenarioCommand[] = ['run', 'inspect'];
const REPORTING: readonly ScenarioCommand[] = ['run', 'report'];

/**
 * Table of all options. Flags, variables, the help of the commands and a test of docs/options.md are made of it;
 * `optionsShape` defines the valid values.
 */
const ROWS: readonly Omit<OptionRow, 'variable'>[] = [
  {
    name: 'baseUrl',
    kind: 'urls',
    flag: '--base-url <url>',
    heading: 'The server:',
    commands: ALL,
    meaning: 'server under test, such as http://127.0.0.1:8000/v1; several (repeated or with commas) take turns',
    otherwise: 'OPENAI_BASE_URL',
  },
  { name: 'baseUrls', meaning: 'several servers that take requests in turn' },
  {
    name: 'model',
    kind: 'text',
    flag: '--model <name>',
    commands: ALL,
    meaning: 'model to request',
    otherwise: 'the first that the server lists',
  },
  {
    name: 'apiKey',
    kind: 'text',
    flag: '--api-key <key>',
    commands: ALL,
    meaning: 'sent as bearer token, never printed',
    otherwise: 'OPENAI_API_KEY',
  },
  {
    name: 'simulate',
    kind: 'switch',
    flag: '--simulate',
    commands: ['run', 'try'],
    meaning: 'start the embedded simulator and use it as server',
  },
  {
    name: 'preflight',
    kind: 'switch',
    flag: '--no-preflight',
    commands: ALL,
    meaning: 'skip the preflight check of the server',
  },
  {
    name: 'serverMetrics',
    kind: 'text',
    flag: '--server-metrics <url>',
    commands: ['run'],
    meaning: "URL of vLLM's metrics; auto tries /metrics; off",
  },
  { name: 'tokenizer', kind: 'text', flag: '--tokenizer <file>', commands: ALL, meaning: "the model's tokenizer.json" },
  { name: 'protocol', kind: 'text', meaning: 'how the preflight checks the server', otherwise: 'chat' },
  {
    name: 'tls.ca',
    kind: 'text',
    flag: '--ca <file>',
    commands: ['run', 'try'],
    meaning: 'trust the authorities of this PEM file as well',
  },
  {
    name: 'tls.cert',
    kind: 'text',
    flag: '--cert <file>',
    commands: ['run', 'try'],
    meaning: 'client certificate, PEM; with --key',
  },
  { name: 'tls.key', kind: 'text', flag: '--key <file>', commands: ['run', 'try'], meaning: 'its private key, PEM' },
  { name: 'tls.passphrase', kind: 'text', meaning: 'password of the private key' },
  { name: 'tls.serverName', meaning: "the name expected on servers' certificates", otherwise: "each URL's host" },
  {
    name: 'insecureSkipTLSVerify',
    kind: 'switch',
    flag: '--insecure-skip-tls-verify',
    commands: ['run', 'try'],
    meaning: 'accept any server certificate',
  },
  {
    name: 'http2',
    kind: 'switch',
    flag: '--http2',
    commands: ['run', 'try'],
    meaning: 'use HTTP/2 with https servers that offer it',
  },
  {
    name: 'config',
    kind: 'text',
    flag: '-c, --config <file>',
    heading: 'The scenario:',
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
    commands: ALL,
    meaning: 'make random(), data sets and arrivals repeatable',
    otherwise: 'a new one, in the summary',
  },
  {
    name: 'workers',
    kind: 'number',
    flag: '--workers <number>',
    commands: LOADING,
    meaning: 'worker threads',
    otherwise: 'cores less one',
  },
  { name: 'noSetup', kind: 'switch', flag: '--no-setup', commands: ['run'], meaning: 'do not call setup()' },
  { name: 'noTeardown', kind: 'switch', flag: '--no-teardown', commands: ['run'], meaning: 'do not call teardown()' },
  {
    name: 'noThresholds',
    kind: 'switch',
    flag: '--no-thresholds',
    commands: ['run'],
    meaning: 'do not evaluate the thresholds',
  },
  {
    name: 'allowEmptyThresholds',
    kind: 'switch',
    flag: '--allow-empty-thresholds',
    commands: ['run'],
    meaning: 'let thresholds without a sample hold, as k6 does',
  },
  {
    name: 'vus',
    kind: 'number',
    flag: '-u, --vus <number>',
    heading: "The load, instead of the scenario's own:",
    commands: LOADING,
    meaning: 'virtual users; alone: one iteration each',
  },
  {
    name: 'duration',
    kind: 'text',
    flag: '-d, --duration <time>',
    commands: LOADING,
    meaning: 'duration of the load, such as 30s or 10m',
  },
  {
    name: 'iterations',
    kind: 'number',
    flag: '-i, --iterations <number>',
    commands: LOADING,
    meaning: 'iterations in total, shared by the users',
  },
  {
    name: 'stages',
    kind: 'stages',
    flag: '-s, --stage <time:users>',
    commands: LOADING,
    meaning: 'ramp to this number of users in this time; repeatable',
  },
  { name: 'scenarios', meaning: 'the scenarios of the load by name' },
  { name: 'thresholds', meaning: 'conditions by metric' },
  {
    name: 'tags',
    kind: 'pairs',
    flag: '--tag <name=value>',
    heading: 'The results:',
    commands: LOADING,
    meaning: 'added to every sample; repeatable',
  },
  {
    name: 'labels',
    kind: 'pairs',
    flag: '--label <name=value>',
    commands: LOADING,
    meaning: 'written into the summary, such as gpu=H800; repeatable',
  },
  { name: 'setupTimeout', kind: 'text', meaning: 'time limit of setup()', otherwise: '60s' },
  { name: 'teardownTimeout', kind: 'text', meaning: 'time limit of teardown()', otherwise: '60s' },
  {
    name: 'minIterationDuration',
    kind: 'text',
    meaning: 'least duration of an iteration; after a shorter one, its user waits',
    otherwise: '0s',
  },
  {
    name: 'connectBackoff',
    kind: 'text',
    meaning: 'longest pause of a user whose server cannot be reached',
    otherwise: '1s',
  },
  {
    name: 'warmup',
    kind: 'text',
    meaning: 'delay of the steady state after the load reaches its maximum',
    otherwise: '0s',
  },
  { name: 'handleSummaryTimeout', kind: 'text', meaning: 'time limit of handleSummary()', otherwise: '120s' },
  { name: 'batch', kind: 'number', meaning: 'concurrent requests of one http.batch', otherwise: '20' },
  {
    name: 'batchPerHost',
    kind: 'number',
    meaning: 'those of them to one server',
    otherwise: '6',
  },
  { name: 'maxRedirects', kind: 'number', meaning: 'most redirects that http follows', otherwise: '10' },
  { name: 'userAgent', kind: 'text', meaning: 'User-Agent of http requests', otherwise: 'tokenswarm' },
  { name: 'discardResponseBodies', kind: 'switch', meaning: 'discard the bodies of http responses' },
  { name: 'noCookiesReset', kind: 'switch', meaning: "keep a user's cookies between iterations" },
  { name: 'throw', kind: 'switch', meaning: 'throw when an http request gets no response' },
  {
    name: 'out',
    kind: 'list',
    flag: '-o, --out <format=path>',
    commands: REPORTING,
    meaning: 'write a report: json=results/run.json; repeatable',
  },
  { name: 'summary', kind: 'text', flag: '--summary <name>', commands: REPORTING, meaning: 'what to print' },
  { name: 'quiet', kind: 'switch', flag: '-q, --quiet', commands: ['run'], meaning: 'no progress during the run' },
  { name: 'dashboard', kind: 'text', flag: '--dashboard <when>', commands: ['run'], meaning: 'on, off or auto' },
];

export const OPTIONS: readonly OptionRow[] = ROWS.map((row) => {
  return row.kind === undefined || row.name === 'env' ? row : { ...row, variable: variableOf(row.name) };
});

/** `insecureSkipTLSVerify` → `TOKENSWARM_INSECURE_SKIP_TLS_VERIFY`, `tls.ca` → `TOKENSWARM_TLS_CA`. */
function variableOf(name: string): string {
  const words = name.replace(/(?<=[a-z])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])/g, '_$&').replace('.', '_');
  return `TOKENSWARM_${words.toUpperCase()}`;
}

/** Sets an option in an object; `tls.ca` goes into its part. */
export function setOption(options: Record<string, unknown>, name: string, value: unknown): void {
  const [whole = '', part] = name.split('.');
  options[whole] = part === undefined ? value : { ...(options[whole] as object), [part]: value };
}
