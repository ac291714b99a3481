import { didYouMean } from '../errors.js';
import { normal } from '../random.js';

/** Length in tokens as a scenario gives it; see engine/api/data. */
export type LengthText = number | string | LengthFields;

/** Normal distribution of lengths, within bounds. */
interface LengthFields {
  readonly mean: number;
  readonly stdev?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** Draws a length in tokens; `random` returns numbers in [0, 1). */
export type LengthDraw = (random: () => number) => number;

const KINDS = ['uniform', 'normal', 'lognormal'];
const FORMS = "512, { mean, stdev, min, max }, 'uniform 100-500', 'normal 512 64' or 'lognormal 512 300 in 16-4096'";
const FIELDS = ['mean', 'stdev', 'min', 'max'];

/** Longest valid length, in tokens; longer ones are typing errors. */
const MOST = 10_000_000;

/**
 * Parses a length into its distribution. Forms are `512`, `{ mean: 512, stdev: 64, min: 100, max: 1000 }`, `'uniform
 * 100-500'`, `'normal 512 64'` and `'lognormal 512 300'`, the last two with mean and standard deviation, and with
 * bounds as in `… in 100-1000`. Draws outside of the bounds are repeated. Throws a TypeError that begins with `what`.
 */
export function readLength(what: string, length: LengthText): LengthDraw {
  if (typeof length === 'number') return fixed(what, length);
  if (typeof length === 'string') return readText(what, length.trim());
  if (typeof length !== 'object' || length === null) throw wrong(what, length);
  const unknown = Object.keys(length).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(
      `${what}: there is no ${unknown}; there are: ${FIELDS.join(', ')}${didYouMean(unknown, FIELDS)}`,
    );
  }
  const { mean, stdev = 0, min = 1, max = MOST } = length;
  return spread(what, 'normal', mean, stdev, { min, max });
}

function readText(what: string, text: string): LengthDraw {
  if (/^\d+$/.test(text)) return fixed(what, Number(text));
  const [, kind = '', rest = '', from, to] = /^([a-z]+)\s+(.*?)(?:\s+in\s+(\d+)\s*-\s*(\d+))?$/.exec(text) ?? [];
  const bounds = from === undefined ? { min: 1, max: MOST } : { min: Number(from), max: Number(to) };
  const [, low, high] = /^(\d+)\s*-\s*(\d+)$/.exec(rest) ?? [];
  if (kind === 'uniform' && low !== undefined && from === undefined) {
    const { min, max } = checkBounds(what, { min: Number(low), max: Number(high) });
    return (random) => min + Math.floor(random() * (max - min + 1));
  }
  const [, mean, stdev] = /^(\d+(?:\.\d+)?)\s+(\d+(?:\.\d+)?)$/.exec(rest) ?? [];
  if ((kind !== 'normal' && kind !== 'lognormal') || mean === undefined)
    throw wrong(what, text, didYouMean(kind, KINDS));
  return spread(what, kind, Number(mean), Number(stdev), bounds);
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

function fixed(what: string, tokens: number): LengthDraw {
  checkBounds(what, { min: tokens, max: tokens });
  return () => tokens;
}

function checkBounds(what: string, bounds: Bounds): Bounds {
  const { min, max } = bounds;
  for (const bound of [min, max]) {
    if (Number.isInteger(bound) && bound >= 1 && bound <= MOST) continue;
    throw new TypeError(`${what}: expected whole numbers of tokens from 1 to ${MOST}, got ${JSON.stringify(bound)}`);
  }
  if (min > max) throw new TypeError(`${what}: the minimum ${min} is larger than the maximum ${max}`);
  return bounds;
}

/**
 * Most redraws of a length outside its bounds; then it is clamped. Bounds far from the mean would hardly ever be met.
 */
const REDRAWS = 100;

function spread(what: string, kind: 'normal' | 'lognormal', mean: number, stdev: number, within: Bounds): LengthDraw {
  const { min, max } = checkBounds(what, within);
  if (!(mean >= 1 && mean <= MOST))
    throw new TypeError(`${what}: expected a mean of 1 or more, got ${JSON.stringify(mean)}`);
  if (!(stdev >= 0)) throw new TypeError(`${what}: expected a stdev of 0 or more, got ${JSON.stringify(stdev)}`);
  if (mean < min || mean > max) throw new TypeError(`${what}: the mean ${mean} is not within ${min} to ${max}`);
  // Parameters of the normal distribution whose exponential has this mean and deviation.
  const variance = Math.log(1 + (stdev / mean) ** 2);
  const draw =
    kind === 'normal'
      ? (random: () => number) => mean + stdev * normal(random)
      : (random: () => number) => Math.exp(Math.log(mean) - variance / 2 + Math.sqrt(variance) * normal(random));
  return (random) => {
    let length = 0;
    for (let tries = 0; tries < REDRAWS; tries += 1) {
      length = Math.round(draw(random));
      if (length >= min && length <= max) return length;
    }
    return Math.min(max, Math.max(min, length));
  };
}

function wrong(what: string, length: unknown, meant = ''): TypeError {
  return new TypeError(`${what}: expected ${FORMS}, got ${JSON.stringify(length)}${meant}`);
}
