import { AsyncResource } from 'node:async_hooks';
import type { StreamOptions } from '../api/requests.js';
import type { TokenListener } from '../client/request-context.js';
import { messageOf } from '../errors.js';
import { checkFields } from '../schema.js';

/** Script's `abortAfter` and `onToken` for one request. */
export interface Listening {
  readonly onToken: TokenListener;
  /** Rethrows an error of the script's callback. */
  rethrow(): void;
}

/**
 * Creates a listener for `abortAfter` and `onToken`. Undefined where a script uses neither, so that a token then costs
 * nothing.
 */
export function listenFor(what: string, { abortAfter, onToken }: StreamOptions): Listening | undefined {
  if (!abortAfter && !onToken) return undefined;
  if (abortAfter) checkFields(`${what}'s abortAfter`, abortAfter, ['tokens']);
  const most = abortAfter?.tokens ?? Number.POSITIVE_INFINITY;
  if (!(most >= 1)) {
    throw new TypeError(`${what}'s abortAfter: expected { tokens: n } with n of at least 1, got ${most}`);
  }
  // Called from the socket, which has no async context of the group around the request.
  const call = onToken && AsyncResource.bind(onToken);
  let received = 0;
  let thrown: { readonly error: unknown } | undefined;
  return {
    onToken(exchange, index) {
      const tokens = exchange.chunkTokens[index] ?? 0;
      received += tokens;
      try {
        const at = (exchange.chunkAt[index] ?? 0) - exchange.sentAt;
        call?.(exchange.latest, { index, at, tokens, kind: exchange.latestKind });
      } catch (error) {
        thrown = { error };
        return { kind: 'cancelled', message: `onToken threw: ${messageOf(error)}` };
      }
      return received >= most ? 'enough' : undefined;
    },
    rethrow() {
      if (thrown) throw thrown.error;
    },
  };
}
