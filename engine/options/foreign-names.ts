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
};

/** Our name for the option of another tool. Spellings such as `max_concurrency` and `max-concurrency` are one. */
export function nameHere(written: string): string | undefined {
  const plain = (name: string) => name.replace(/[-_]/g, '').toLowerCase();
  const found = Object.keys(FOREIGN_NAMES).find((name) => plain(name) === plain(written));
  return found === undefined ? undefined : FOREIGN_NAMES[found];
}
