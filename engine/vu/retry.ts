import type { Retry } from '../api/requests.js';
import type { Failure } from '../client/exchange.js';
import { type Clock, sleep } from '../clock.js';
import { checkFields } from '../schema.js';

/** Statuses of a busy server. */
const BUSY = new Set([429, 503]);

/**
 * Wait before the second attempt, in milliseconds; doubles with each further one. For servers without `Retry-After`.
 */
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

const MOST_ATTEMPTS = 100;

/** Answer that may be retried. */
interface Attempted {
  readonly failure: Failure | undefined;
  /** Number of attempts so far. */
  attempts: number;
}

/** Dependencies of retries. */
export interface Retrying {
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  /** Time limit of all attempts and waits, in milliseconds. */
  readonly total: number;
}

/**
 * Sends a request, again while the server is busy (429, 503). Makes at most the attempts asked for, each after the
 * server's wait. An attempt without time left is not made; resolves to the last answer. `send` gets the remaining time
 * in milliseconds.
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
  checkFields('retry', retry, ['attempts']);
  const { attempts } = retry;
  if (Number.isInteger(attempts) && attempts >= 1 && attempts <= MOST_ATTEMPTS) return attempts;
  throw new TypeError(`retry: expected { attempts: 1 to ${MOST_ATTEMPTS} }, got ${JSON.stringify(retry)}`);
}
