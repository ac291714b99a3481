import { AsyncResource } from 'node:async_hooks';
import type { StreamOptions } from '../api/requests.js';
import type { TokenListener } from '../client/request-context.js';
import { messageOf } from '../errors.js';

/** A script's wishes for the time in which an answer comes. */
export interface Listening {
  readonly onToken: TokenListener;
  /** Throws what the script's own callback has thrown, if it has. */
  rethrow(): void;
}

/** Listens for `abortAfter` and `onToken`; undefined where a script wants neither, and then a token costs nothing. */
export function listenFor(what: string, { abortAfter, onToken }: StreamOptions): Listening | undefined {
  if (!abortAfter && !onToken) return undefined;
  const most = abortAfter?.tokens ?? Number.POSITIVE_INFINITY;
  if (!(most >= 1)) {
    throw new TypeError(`${what}'s abortAfter: expected { tokens: n } with n of at least 1, got ${most}`);
  }
  // It is called from the socket, which knows nothing of the group in which the request was made.
  const tell = onToken && AsyncResource.bind(onToken);
  let heard = 0;
  let thrown: { readonly error: unknown } | undefined;
  return {
    onToken(exchange, index) {
      const tokens = exchange.chunkTokens[index] ?? 0;
      heard += tokens;
      try {
        const at = (exchange.chunkAt[index] ?? 0) - exchange.sentAt;
        tell?.(exchange.latest, { index, at, tokens, kind: exchange.latestKind });
      } catch (error) {
        thrown = { error };
        return { kind: 'cancelled', message: `onToken threw: ${messageOf(error)}` };
      }
      return heard >= most ? 'enough' : undefined;
    },
    rethrow() {
      if (thrown) throw thrown.error;
    },
  };
}
