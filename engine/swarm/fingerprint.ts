import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Plan } from '../options/plan.js';
import { VERSION } from '../version.js';

/** Code and plan of a run. */
interface Work {
  /** File of the user, and the files of its bundle. */
  readonly file: string;
  readonly script: string;
  readonly packages: string | undefined;
  readonly plan: Plan;
}

/**
 * Fingerprint of a run's script and plan, the same on every machine. Servers, labels, workers and the share itself may
 * differ. 16 hexadecimal digits.
 */
export function fingerprintOf({ file, script, packages, plan }: Work): string {
  const { scenarios, steady, duration, vus, thresholds, tagKeys, options, http } = plan;
  const { seed, tags } = options;
  const loads = scenarios.map(({ load, ...rest }) => ({ ...rest, maxVus: load.maxVus, duration: load.duration }));
  const judged = thresholds.map(({ metric, source }) => [metric, source]);
  const code = [script, ...(packages === undefined ? [] : [packages])].map((path) => codeOf(path, dirname(file)));
  const parts = { VERSION, code, loads, steady, duration, vus, judged, tagKeys, seed, tags, http };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** Seed that machines with one fingerprint have in common. */
export function commonSeed(fingerprint: string): number {
  return Number.parseInt(fingerprint.slice(0, 8), 16);
}

/** Code of a bundle without the machine's paths. These are in comments, the source map and constants. */
function codeOf(path: string, folder: string): string {
  const text = readFileSync(path, 'utf8').replace(/^\s*\/\/.*$/gm, '');
  return text.replaceAll(folder, '.');
}
