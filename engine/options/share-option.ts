import type { Share } from '../executors/share.js';
import { field } from '../schema.js';

/** Most machines of one run. */
const MOST_MACHINES = 10_000;

/** Variable with a pod's number in an indexed Kubernetes Job, from 0. */
const JOB_INDEX = 'JOB_COMPLETION_INDEX';

/** Share as text: `2/3` is the second of three machines. */
export const share = field(
  'a share such as "2/3", the second of three machines, or "job/3" in an indexed Kubernetes Job',
  (input) => {
    const found = typeof input === 'string' ? readShare(input) : undefined;
    return found && shareText(found);
  },
  (input) => {
    if (typeof input !== 'string') return '';
    if (input.startsWith('job/')) return `; ${JOB_INDEX} holds no number below that count`;
    return /^\s*0+\s*\//.test(input) ? '; shares count from 1' : '';
  },
);

/** Segment of k6, as the share that it is: `1/3:2/3` is 2/3. Its parts must be equal. */
export const executionSegment = field(
  'one of equal segments, such as "1/3:2/3"; for a larger machine, start more shares on it',
  (input) => {
    const found = typeof input === 'string' ? readSegment(input) : undefined;
    return found && shareText(found);
  },
);

/** k6's limits of all segments, such as `0,1/3,2/3,1`. They must be equal. */
export const executionSegmentSequence = field('limits of equal segments, such as "0,1/3,2/3,1"', (input) => {
  const limits = typeof input === 'string' ? input.split(',').map(readFraction) : [];
  const count = limits.length - 1;
  const areEqual = count > 0 && limits.every((limit, n) => limit && limit.above * count === n * limit.below);
  return areEqual ? String(input) : undefined;
});

/** Share of a machine, from its valid text. Without one, the whole. */
export function machineShare(text: string | undefined): Share {
  return (text === undefined ? undefined : readShare(text)) ?? { index: 0, count: 1 };
}

/** Replaces `job/3` by the share of this pod. Left as it is where there is no such pod. */
export function withJobIndex(
  options: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
): typeof options {
  const text = options.share;
  const index = environment[JOB_INDEX] ?? '';
  if (typeof text !== 'string' || !text.startsWith('job/') || !/^\d+$/.test(index)) return options;
  const own = `${Number(index) + 1}${text.slice('job'.length)}`;
  return readShare(own) ? { ...options, share: own } : options;
}

function shareText({ index, count }: Share): string {
  return `${index + 1}/${count}`;
}

function readShare(text: string): Share | undefined {
  const [, number, of] = /^\s*(\d{1,5})\s*\/\s*(\d{1,5})\s*$/.exec(text) ?? [];
  return checked(Number(number) - 1, Number(of));
}

function checked(index: number, count: number): Share | undefined {
  return index >= 0 && index < count && count <= MOST_MACHINES ? { index, count } : undefined;
}

function readSegment(text: string): Share | undefined {
  const [first = '', second, ...rest] = text.split(':');
  const from = readFraction(second === undefined || first.trim() === '' ? '0' : first);
  const to = readFraction(second === undefined ? first : second.trim() === '' ? '1' : second);
  if (!from || !to || rest.length > 0) return undefined;
  const denominator = from.below * to.below;
  const width = to.above * from.below - from.above * to.below;
  const count = denominator / width;
  const index = (from.above * count) / from.below;
  return width > 0 && Number.isInteger(count) && Number.isInteger(index) ? checked(index, count) : undefined;
}

interface Fraction {
  readonly above: number;
  readonly below: number;
}

/** Reads `1/3`, `0.25` or `25%`. */
function readFraction(text: string): Fraction | undefined {
  const [, above, below] = /^\s*(\d{1,6})\s*\/\s*(\d{1,6})\s*$/.exec(text) ?? [];
  if (above !== undefined) return Number(below) > 0 ? { above: Number(above), below: Number(below) } : undefined;
  const [, whole, decimals = '', percent] = /^\s*(\d{1,3})(?:\.(\d{1,6}))?\s*(%?)\s*$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return { above: Number(whole + decimals), below: 10 ** decimals.length * (percent === '%' ? 100 : 1) };
}
