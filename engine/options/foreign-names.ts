/** Names of options in other tools, and ours for the same. */
const FOREIGN_NAMES: Readonly<Record<string, string>> = {
  users: 'vus',
  concurrency: 'vus',
  maxConcurrency: 'vus',
  runTime: 'duration',
  maxSeconds: 'duration',
  numPrompts: 'iterations',
  numRequests: 'iterations',
  maxRequests: 'iterations',
  url: 'baseUrl',
  host: 'baseUrl',
  target: 'baseUrl',
  endpoint: 'baseUrl',
  gpu: 'card',
  n: 'iterations',
  c: 'vus',
  masterHost: 'master',
  locust: 'master',
};

const RATE =
  "a rate is set in the scenario, by the executor 'constant-arrival-rate'; scenarios/poisson-rate.ts has one";

const NOTHING = 'nothing takes its place: leave it out';

/** Flags of k6 without a twin, and what to do instead. */
const K6: Readonly<Record<string, string>> = {
  address: 'a run has no API: --web serves a page that controls it',
  linger: 'a run ends when it is over; --web stays until the report is fetched',
  exitOnRunning: NOTHING,
  includeSystemEnvVars: 'the environment is in __ENV always: leave it out',
  systemEnvVars: 'the environment is in __ENV always: leave it out',
  compatibilityMode: 'every script is compiled alike: leave it out',
  noUsageReport: 'nothing is reported to anybody: leave it out',
  noColor: 'colors are off where NO_COLOR=1 is set',
  verbose: 'tokenswarm try FILE shows each request; --http-debug prints plain HTTP',
  logOutput: 'the console prints on stdout, or into --console-output FILE',
  tracesOutput: 'no traces are sent: --out otlp=URL pushes metrics',
  profilingEnabled: NOTHING,
  type: 'the ending of the file says what it is: leave it out',
  showCloudLogs: 'nothing runs in a cloud: leave it out',
  noArchiveUpload: 'nothing runs in a cloud: leave it out',
  newMachineReadableSummary: '--out json=FILE is the whole record, --out k6-summary=FILE the one of k6',
  noVuConnectionReuse: 'noConnectionReuse opens a connection for each request: --no-connection-reuse',
  dns: 'the names come from the system; options.hosts replaces them',
  localIps: '--local-address IP, repeated for several',
  blacklistIp: 'nothing is blocked: take the requests out of the script',
  blockHostnames: 'nothing is blocked: take the requests out of the script',
};

/** Flags of Locust and benchmarks for their reports. */
const REPORTS: Readonly<Record<string, string>> = {
  csv: '--out locust-csv=PREFIX writes the files of Locust, --out requests=FILE a row for each request',
  html: '--out html=FILE writes the page',
  json: '--out json=FILE writes the record, --summary json prints it',
  saveResult: '--out vllm=FILE writes the file of vllm bench serve, --out json=FILE the whole record',
  output: '--out json=FILE writes the record',
  headless: 'a run has no page unless --web: leave it out',
  webPort: '--web=HOST:PORT serves the live page',
};

/** Flags of other tools for what a scenario sets here, and where. */
const IN_SCENARIO: Readonly<Record<string, string>> = {
  rps: RATE,
  rate: RATE,
  requestRate: RATE,
  r: RATE,
  threshold: 'thresholds are set in the scenario: options.thresholds',
  thresholds: 'thresholds are set in the scenario: options.thresholds',
  slo: 'limits of a run are set in the scenario: options.thresholds; of a request, chat({ messages, slo: { ttft: 500 } })',
  header: 'headers are set in the scenario: chat({ messages, headers: { … } })',
  headers: 'headers are set in the scenario: chat({ messages, headers: { … } })',
  maxTokens: 'the length of answers is set in the scenario: chat({ messages, maxTokens: 256 })',
  prompt: 'prompts are set in the scenario: chat({ messages })',
  ...REPORTS,
  ...K6,
  dataset: "data sets are set in the scenario: dataset('./prompts.jsonl'); the suites take -e DATASET=FILE",
};

/** Place in a scenario for another tool's flag. Undefined for any other. */
export function placeInScenario(written: string): string | undefined {
  return ownerOf(IN_SCENARIO, written);
}

/** Our name for the option of another tool. Spellings such as `max_concurrency` and `max-concurrency` are one. */
export function nameHere(written: string): string | undefined {
  return ownerOf(FOREIGN_NAMES, written);
}

function ownerOf(names: Readonly<Record<string, string>>, written: string): string | undefined {
  const plain = (name: string) => name.replace(/[-_]/g, '').toLowerCase();
  const found = Object.keys(names).find((name) => plain(name) === plain(written));
  return found === undefined ? undefined : names[found];
}
