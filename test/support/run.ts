import { run, type Settings, type Summary } from '../../engine/index.js';
import type { Limits } from '../../engine/options/timing.js';

/** Settings against this server, independent of the environment. */
export function settings(
  baseUrl: string | undefined,
  more: Partial<Settings> = {},
  model = 'sim-ttft5-itl1-len5',
): Settings {
  return { ...(baseUrl !== undefined && { baseUrl }), model, environment: {}, seed: 1, ...more };
}

/** Runs a scenario file to its summary. */
export async function runToEnd(file: string | URL, given: Settings, limits?: Partial<Limits>): Promise<Summary> {
  return await run(file, given, 'program', { limits }).summary;
}

/** True if other programs kept the machine busy. */
export function isDisturbed({ quality }: Summary): boolean {
  return quality.reasons.some((reason) => reason.startsWith('this machine'));
}

/** Lateness that a slow machine's garbage collections alone make. The bench holds the generator to its own limits. */
const SLOW = /^the generator itself was late by \d\.\d ms /;

/** Reasons against the numbers that a slow machine does not explain. */
export function reasonsBeyondSlowness({ quality }: Summary): readonly string[] {
  return quality.reasons.filter((reason) => !SLOW.test(reason));
}
