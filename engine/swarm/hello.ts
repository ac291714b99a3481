import { configError } from '../errors.js';
import type { MeetingPoint } from './meeting-point.js';

/** Machine's introduction. A new nonce for each run tells it from one that was left behind. */
export interface Hello {
  readonly nonce: string;
  readonly host: string;
  readonly fingerprint: string;
  readonly count: number;
}

/** Reads a text of the meeting point as JSON. Undefined where it is not there, or empty. */
export async function read<Text>(point: MeetingPoint, name: string): Promise<Text | undefined> {
  const text = await point.get(name);
  return text === undefined || text === '' ? undefined : (JSON.parse(text) as Text);
}

/** Reason why these machines are not one run; undefined where they are. */
export function refusalOf(hellos: readonly Hello[]): string | undefined {
  const [first, ...others] = hellos;
  for (const [n, { host, count, fingerprint }] of others.entries()) {
    const name = `share ${n + 2} on ${host}`;
    if (count !== first?.count) return `${name} is one of ${count}, share 1 is one of ${first?.count}`;
    if (fingerprint !== first.fingerprint) return `${name} has another script, plan, seed or version than share 1`;
  }
  return undefined;
}

/** Error of a machine whose run cannot be. */
export function refused(refusal: string): Error {
  const hint = 'start all shares with the same file and options; what an earlier run left behind is forgotten now';
  return configError('--share', refusal, hint);
}
