/** Instants of one request, in milliseconds of the machine's monotonic clock. Undefined where one never came. */
export interface HttpInstants {
  readonly address: { readonly origin: string };
  /** Handover to the HTTP client, before a socket was found or opened. */
  readonly sentAt: number;
  /** Steps of opening its socket, 0 for one not taken. Undefined for a socket that was open already. */
  opening: Readonly<Record<'startedAt' | 'lookedUpAt' | 'connectedAt' | 'securedAt', number>> | undefined;
  /** Socket ready and first byte written. */
  startedAt: number | undefined;
  /** Last byte taken by the kernel. */
  wroteAt: number | undefined;
  /** First byte of the response received. */
  firstByteAt: number | undefined;
  /** Last byte of the response received, or the request failed. */
  endedAt: number;
}

/** Durations of one request, in milliseconds, divided as in k6. */
export interface HttpTimings {
  /** sending + waiting + receiving. */
  readonly duration: number;
  /** Time until a socket was ready. Includes lookup, connect and TLS where one was opened. */
  readonly blocked: number;
  readonly looking_up: number;
  readonly connecting: number;
  readonly tls_handshaking: number;
  readonly sending: number;
  readonly waiting: number;
  readonly receiving: number;
}

/** Divides the time of a request into steps. A step that failed lasts until the failure; one not taken is 0. */
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
