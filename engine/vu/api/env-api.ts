import type { Bounds, Env } from '../../api/env.js';
import type { DurationText } from '../../api/scenarios.js';
import { formatDuration, parseDuration } from '../../clock.js';
import type { VuState } from '../vu-state.js';
import { refuseVariables } from '../wrong-variables.js';

/** `env` of one VU. */
export function envOf(vu: VuState): Env {
  const { thread, plan } = vu;

  const read = <Value>(
    name: string,
    otherwise: Value,
    expected: string,
    parse: (text: string) => Value | undefined,
  ): Value => {
    const text = plan?.env[name] ?? thread.env[name];
    if (text === undefined || text === '') return otherwise;
    const value = parse(text);
    if (value !== undefined) return value;
    const wrong = { name, message: `expected ${expected}, got ${JSON.stringify(text)}` };
    // While the file is read for its options, evaluation continues, to report all problems at once.
    if (!thread.wrongVariables) refuseVariables([wrong]);
    else if (!thread.wrongVariables.some((known) => known.name === name)) thread.wrongVariables.push(wrong);
    return otherwise;
  };

  const number = (name: string, otherwise: number, what: string, { least, most }: Bounds = {}, isWhole = false) =>
    read(name, otherwise, `${what}${within(least, most)}`, (text) => {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      const isIn = value >= (least ?? Number.NEGATIVE_INFINITY) && value <= (most ?? Number.POSITIVE_INFINITY);
      return Number.isFinite(value) && isIn && (!isWhole || Number.isInteger(value)) ? value : undefined;
    });

  return {
    number: (name, otherwise, bounds) => number(name, otherwise, 'a number', bounds),
    whole: (name, otherwise, bounds) => number(name, otherwise, 'a whole number', bounds, true),
    duration(name, otherwise, { least = 0 } = {}) {
      const shortest = parseDuration(least) ?? 0;
      const expected = `a duration${shortest > 0 ? ` from ${formatDuration(shortest)} on` : ''} such as "30s" or "1m30s"`;
      return read(name, otherwise, expected, (text) => {
        const ms = parseDuration(text);
        if (ms === undefined || ms < shortest) return undefined;
        // Bare numbers are milliseconds, which `sleep` would take for seconds if they were given as a number.
        return text.trim() as DurationText;
      });
    },
    text: (name, otherwise) => read(name, otherwise, 'a text', (text) => text),
    oneOf: (name, choices) => {
      const expected = choices.length === 1 ? choices[0] : `one of ${choices.join(', ')}`;
      return read(name, choices[0], expected, (text) => choices.find((choice) => choice === text));
    },
  };
}

/** Range as text, such as ` from 1 to 10`; empty without bounds. */
function within(least: number | undefined, most: number | undefined): string {
  if (least === undefined) return most === undefined ? '' : ` up to ${most}`;
  return most === undefined ? ` from ${least} on` : ` from ${least} to ${most}`;
}
