import { appendFileSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Secrets } from '../../engine/client/secrets.js';

/** Lines of a log shown in an error. */
const TAIL = 15;

/** Begins a log with this headline, or goes on with it. Returns its descriptor. Only its user may read it. */
export function openLog(log: string, headline: string): number {
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, 'a', 0o600);
  appendFileSync(file, `--- ${new Date().toISOString()} ${headline}\n`);
  return file;
}

/** Removes keys from the log of a server that has ended. */
export function hideKeys(log: string, keys: readonly string[]): void {
  const secrets = new Secrets();
  secrets.add(...keys);
  const text = readFileSync(log, 'utf8');
  const shown = text.split('\n').map(secrets.redact).join('\n');
  if (shown !== text) writeFileSync(log, shown);
}

/** Last lines of a log since the last start. Each follows a line break. */
export function tailOf(log: string): string {
  const text = readFileSync(log, 'utf8').replace(/\r(?!\n)/g, '\n');
  const lines = text
    .slice(text.lastIndexOf('\n--- ') + 1)
    .trimEnd()
    .split('\n')
    .slice(1);
  return lines
    .slice(-TAIL)
    .map((line) => `\n${line}`)
    .join('');
}
