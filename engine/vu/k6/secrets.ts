import { readFileSync } from 'node:fs';
import { configError, messageOf } from '../../errors.js';
import type { VuState } from '../vu-state.js';

/** Source of secrets: `mock=name=value,…` or `file=path` with a `name=value` on each line. */
interface Source {
  readonly name: string;
  readonly values: ReadonlyMap<string, string>;
}

/** Module `k6/secrets` of one VU. Its values are redacted in all output. */
export function secretsFor(vu: VuState) {
  const { secrets, secretSources } = vu.thread;
  const sources = secretSources.map(readSource);
  const readFrom = (source: Source | undefined, name: string): Promise<string> => {
    const value = source?.values.get(name);
    if (value === undefined) return Promise.reject(new Error(`there is no secret called ${JSON.stringify(name)}`));
    secrets.add(value);
    return Promise.resolve(value);
  };
  const first = () => {
    if (sources.length === 0) throw new Error('no source of secrets is configured: give --secret-source');
    return sources.find(({ name }) => name === 'default') ?? sources[0];
  };
  return {
    get: async (name: string) => readFrom(first(), name),
    source(name: string) {
      const found = sources.find((source) => source.name === name);
      if (!found) throw new Error(`there is no source of secrets called ${JSON.stringify(name)}`);
      return { get: (secret: string) => readFrom(found, secret) };
    },
  };
}

/** Reads a source: `mock=a=1,b=2`, `file=secrets.txt`, with `name=` and `default` among its parts. */
function readSource(text: string): Source {
  const [, kind, rest] = /^(mock|file)=(.*)$/s.exec(text) ?? [];
  if (rest === undefined) {
    const message = `expected mock=NAME=VALUE,… or file=PATH, got ${JSON.stringify(text)}`;
    throw configError('--secret-source', message, 'a file has a line NAME=VALUE for each secret');
  }
  let parts = rest.split(',');
  const isDefault = parts.includes('default');
  const name = parts.find((part) => part.startsWith('name='))?.slice(5);
  parts = parts.filter((part) => part !== 'default' && !part.startsWith('name='));
  const lines = kind === 'mock' ? parts : fileLines(parts.map((part) => part.replace(/^filename=/, '')).join(','));
  const pairs = lines.flatMap((line): (readonly [string, string])[] => {
    const at = line.indexOf('=');
    return at < 1 ? [] : [[line.slice(0, at).trim(), unquoted(line.slice(at + 1).trim())]];
  });
  return { name: name ?? (isDefault ? 'default' : (kind ?? '')), values: new Map(pairs) };
}

function fileLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/);
  } catch (error) {
    throw configError('--secret-source', `${path} cannot be read: ${messageOf(error)}`, 'give the path of a text file');
  }
}

function unquoted(text: string): string {
  return /^".*"$/s.test(text) ? text.slice(1, -1) : text;
}
