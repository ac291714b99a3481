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
};

const RATE =
  "a rate is set in the scenario, by the executor 'constant-arrival-rate'; scenarios/poisson-rate.ts has one";

/** Flags of other tools for what a scenario sets here, and where. */
const IN_SCENARIO: Readonly<Record<string, string>> = {
  rps: RATE,
  rate: RATE,
  requestRate: RATE,
  threshold: 'thresholds are set in the scenario: options.thresholds',
  thresholds: 'thresholds are set in the scenario: options.thresholds',
  header: 'headers are set in the scenario: chat({ messages, headers: { … } })',
  headers: 'headers are set in the scenario: chat({ messages, headers: { … } })',
  maxTokens: 'the length of answers is set in the scenario: chat({ messages, maxTokens: 256 })',
  prompt: 'prompts are set in the scenario: chat({ messages })',
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
