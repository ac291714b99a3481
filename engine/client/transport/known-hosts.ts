/** Address to connect to. */
export interface HostAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Finds the address of a host in a table. Such as `{ 'api.test': '10.0.0.7', 'api.test:443': '10.0.0.7:8443',
 * '*.test': '10.0.0.8' }`. A name with its port counts before the name alone, and that before a pattern.
 */
export function knownHost(
  { host, port }: HostAddress,
  hosts: Readonly<Record<string, string>> | undefined,
): HostAddress | undefined {
  if (!hosts) return undefined;
  const names = [`${host}:${port}`, host];
  const found = names.find((name) => Object.hasOwn(hosts, name)) ?? patternFor(names, Object.keys(hosts));
  const text = found === undefined ? undefined : hosts[found];
  if (text === undefined) return undefined;
  const [, bracketed, plain, own] = /^(?:\[([^\]]+)\]|([^:]+|[0-9a-f:]{3,}))(?::(\d+))?$/i.exec(text) ?? [];
  return { host: bracketed ?? plain ?? text, port: own === undefined ? port : Number(own) };
}

/** Pattern such as `*.test` that fits a name, the longest first. */
function patternFor(names: readonly string[], patterns: readonly string[]): string | undefined {
  const wild = patterns.filter((pattern) => pattern.startsWith('*.')).sort((a, b) => b.length - a.length);
  return wild.find((pattern) => names.some((name) => name.endsWith(pattern.slice(1))));
}
