/** Names of options in Locust, vLLM, guidellm and others, and ours for the same. */
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
};

/** Our name for an option of another tool, in whatever case it is written: `max_concurrency`, `max-concurrency`. */
export function nameHere(written: string): string | undefined {
  const plain = (name: string) => name.replace(/[-_]/g, '').toLowerCase();
  const found = Object.keys(FOREIGN_NAMES).find((name) => plain(name) === plain(written));
  return found === undefined ? undefined : FOREIGN_NAMES[found];
}
