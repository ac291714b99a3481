import { configError, type UserError } from '../errors.js';
import type { Problem } from './scenario-options.js';

/** UserError with every problem of the options. Its hint follows from their places. */
export function refuse(problems: readonly Problem[]): UserError {
  const lines = problems.map(({ where, message }) => `${where}: ${message}`);
  const [, hint] = HINTS.find(([places]) => problems.every(({ where }) => places.test(where))) ?? [];
  return configError(undefined, lines.join('\n'), hint);
}

/** Hints by the places of all problems. */
const HINTS: readonly (readonly [places: RegExp, hint: string])[] = [
  [/^export default$/, 'write export default async function () { … }: each user calls it; see docs/scripting.md'],
  [/^--slo$/, 'fix the objectives; docs/metrics.md lists all metrics'],
  [/thresholds|^--slo$/, 'fix the thresholds; docs/metrics.md lists all metrics'],
  [/^/, 'fix the options; docs/options.md lists all of them'],
];
