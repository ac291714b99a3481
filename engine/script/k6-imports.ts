/** Modules of k6, and what 'tokenswarm' exports for the same. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  k6: ['check', 'group', 'sleep', 'fail'],
  'k6/http': ['http'],
  'k6/metrics': ['Counter', 'Gauge', 'Rate', 'Trend'],
  'k6/data': ['SharedArray'],
  'k6/execution': ['exec'],
};

/** Hint for imports of k6's modules that the compiler could not resolve. Undefined without any. */
export function hintForK6(errors: readonly string[]): string | undefined {
  const modules = errors.flatMap((text) => /^Could not resolve "(k6(?:\/[^"]*)?)"/.exec(text)?.[1] ?? []);
  if (modules.length === 0) return undefined;
  const names = [...new Set(modules.flatMap((name) => SAME[name] ?? []))];
  const unknown = modules.filter((name) => SAME[name] === undefined);
  const ours = `import { ${names.join(', ')} } from 'tokenswarm'`;
  const others = `there is no ${unknown.join(', ')}: Node's modules and npm packages can be imported`;
  const differences = 'await requests, sleep and group: docs/http.md has the differences';
  return [...(names.length > 0 ? [ours, differences] : []), ...(unknown.length > 0 ? [others] : [])].join('; ');
}
