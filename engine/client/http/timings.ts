/**
 * When things happened to one request. Instants are milliseconds on the machine's monotonic clock; one that never came is
 * undefined.
 */
export interface HttpInstants {
  readonly address: { readonly origin: string };
  /** When it was handed to the HTTP client, before a socket was found or opened. */
  readonly sentAt: number;
  /** When the steps of opening its socket were done, 0 for one that was not taken; undefined where a socket was there. */
  opening: Readonly<Record<'startedAt' | 'lookedUpAt' | 'connectedAt' | 'securedAt', number>> | undefined;
  /** When the socket was ready and writing began. */
  startedAt: number | undefined;
  /** When the kernel had taken the last byte. */
  wroteAt: number | undefined;
  /** When the first byte of the response came. */
  firstByteAt: number | undefined;
  /** When the last byte of the response came, or it failed. */
  endedAt: number;
}

/** What one request took, in milliseconds, as k6 divides it. */
export interface HttpTimings {
  /** sending + waiting + receiving. */
  readonly duration: number;
  /** Until a socket was ready: with looking up, connecting and TLS where it had to be opened. */
  readonly blocked: number;
  readonly looking_up: number;
  readonly connecting: number;
  readonly tls_handshaking: number;
  readonly sending: number;
  readonly waiting: number;
  readonly receiving: number;
}

/** Divides the time of a request. A step that it failed in lasts until it failed; steps that it did not take are 0. */
export function timingsOf(exchange: HttpInstants): HttpTimings {
  const { sentAt, startedAt, wroteAt, firstByteAt, endedAt, opening } = exchange;
  const begun = startedAt ?? endedAt;
  // A server may answer before it has read everything.
  const written = Math.min(wroteAt ?? endedAt, firstByteAt ?? endedAt);
  const answered = firstByteAt ?? endedAt;
  const sending = span(begun, written);
  const waiting = span(Math.max(begun, written), answered);
  const receiving = span(Math.max(begun, answered), endedAt);
  const connectedAt = opening?.connectedAt ?? 0;
  const securedAt = opening?.securedAt ?? 0;
  return {
    duration: sending + waiting + receiving,
    blocked: span(sentAt, begun),
    looking_up: opening && opening.lookedUpAt > 0 ? span(opening.startedAt, opening.lookedUpAt) : 0,
    connecting: opening ? span(opening.lookedUpAt || opening.startedAt, connectedAt || begun) : 0,
    tls_handshaking:
      opening && exchange.address.origin.startsWith('https:') && connectedAt > 0
        ? span(connectedAt, securedAt || begun)
        : 0,
    sending,
    waiting,
    receiving,
  };
}

function span(from: number, to: number): number {
  return Math.max(0, to - from);
}
