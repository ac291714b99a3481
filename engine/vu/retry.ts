import type { Retry } from '../api/requests.js';
import type { Failure } from '../client/exchange.js';
import { type Clock, sleep } from '../clock.js';

/** The statuses by which a server asks to be left alone for a while. */
const BUSY = new Set([429, 503]);

/** What is waited before the second attempt where the server does not say; it doubles with each further one. In milliseconds. */
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

const MOST_ATTEMPTS = 100;

/** What is known of an answer that may be tried for again. */
interface Attempted {
  readonly failure: Failure | undefined;
  /** 1 for the answer of one attempt. */
  attempts: number;
}

/** What retries need around them. */
export interface Retrying {
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  /** The time that all attempts and the waits between them may take together, in milliseconds. */
  readonly total: number;
}

/**
 * Sends a request, and as long as the server is busy (429, 503) sends it again, as often as was asked for, each time after
 * the wait that the server wants. No attempt begins for which there would be no time; the answer is the last attempt's.
 * `send` is given the time that is left, in milliseconds.
 */
export function withRetries<Answer extends Attempted>(
  retry: Retry | undefined,
  retrying: Retrying,
  send: (left: number) => Promise<Answer>,
): Promise<Answer> {
  return retry ? retried(retry, retrying, send) : send(retrying.total);
}

async function retried<Answer extends Attempted>(
  retry: Retry,
  { clock, signal, total }: Retrying,
  send: (left: number) => Promise<Answer>,
): Promise<Answer> {
  const most = attemptsOf(retry);
  const endsAt = clock.now() + total;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await send(attempt === 1 ? total : endsAt - clock.now());
    answer.attempts = attempt;
    const { failure } = answer;
    if (!failure || !BUSY.has(failure.status ?? 0) || attempt === most) return answer;
    const wait = failure.retryAfter ?? Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1));
    if (clock.now() + wait >= endsAt) return answer;
    await sleep(clock, wait, signal);
  }
}

function attemptsOf(retry: Retry): number {
  const { attempts } = retry;
  if (Number.isInteger(attempts) && attempts >= 1 && attempts <= MOST_ATTEMPTS) return attempts;
  throw new TypeError(`retry: expected { attempts: 1 to ${MOST_ATTEMPTS} }, got ${JSON.stringify(retry)}`);
}
