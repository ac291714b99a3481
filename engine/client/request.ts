import type { Dispatcher } from 'undici';
import { strikeWrongCounts } from './believed-counts.js';
import type { Exchange } from './exchange.js';
import { type AnyRequest, framingOf, type Protocol, pathOf } from './protocols/protocol.js';
import type { Sending } from './request-context.js';
import { Reception } from './response-handler.js';
import { shareTokens } from './share-tokens.js';
import type { Target } from './target.js';

/**
 * Sends one request and fills in its exchange. Never rejects: an error becomes the exchange's failure. Where the server
 * rejects `stream_options`, sends once more without it, and remembers that on the target.
 */
export async function send<Request extends AnyRequest>(
  protocol: Protocol<Request>,
  request: Request,
  exchange: Exchange,
  sending: Sending,
): Promise<void> {
  const { target, clock } = sending;
  // Another request may be refused while this one is on its way.
  const asked = target.askUsage;
  exchange.sentAt = clock.now();
  await sendOnce(protocol, request, exchange, sending);
  if (asked && refusesUsage(exchange)) {
    target.askUsage = false;
    exchange.failure = undefined;
    exchange.status = undefined;
    exchange.headersAt = undefined;
    exchange.connectedAt = undefined;
    exchange.sentAt = clock.now();
    await sendOnce(protocol, request, exchange, sending);
  }
  strikeWrongCounts(exchange, target.habits);
  shareTokens(exchange, target.habits);
  const { failure, status } = exchange;
  if (failure) {
    const message = withoutHeaders(target.redact(failure.message), sending.headers);
    exchange.failure = { ...failure, message, ...(status !== undefined && { status }) };
  }
}

/** Redacts secrets in a script's own headers, which a server may repeat. */
function withoutHeaders(text: string, headers: Readonly<Record<string, string>> = {}): string {
  const secrets = Object.entries(headers)
    .filter(([name]) => /authorization|key|token|secret|cookie/i.test(name))
    .map(([, value]) => value.replace(/^\w+ /, ''));
  return secrets.reduce((shown, secret) => (secret === '' ? shown : shown.replaceAll(secret, '***')), text);
}

function refusesUsage({ failure, status }: Exchange): boolean {
  return (status === 400 || status === 422) && (failure?.message.includes('stream_options') ?? false);
}

/** Sends once; again where a reused socket died before the response. */
async function sendOnce<Request extends AnyRequest>(
  protocol: Protocol<Request>,
  request: Request,
  exchange: Exchange,
  sending: Sending,
): Promise<void> {
  const { connections, target } = sending;
  const options: Dispatcher.DispatchOptions = {
    method: 'POST',
    path: pathOf(protocol, target.basePath),
    headers: headersOf(protocol, framingOf(protocol, exchange).accept, sending) as string[],
    body: protocol.encode(request, exchange.model, target.askUsage),
    headersTimeout: sending.timeouts.total,
    bodyTimeout: sending.timeouts.idle,
  };
  for (let isFresh = false; ; isFresh = true) {
    const connection = isFresh ? connections.fresh() : connections.acquire();
    const reception = new Reception(protocol, exchange, connection, sending);
    const outcome = await reception.receive(options);
    if (outcome === 'ended') connections.release(connection);
    else if (outcome === 'left') connections.linger(connection, reception);
    else connection.close();
    if (outcome !== 'dead' || isFresh) return;
    exchange.reconnected = true;
    exchange.failure = undefined;
  }
}

/** Cached header lists, by target and framing. For requests without headers of their own. */
const USUAL = new WeakMap<Target, Map<string, readonly string[]>>();

/** Headers of a request, as names and values in turn. The list is cached for requests without headers of their own. */
function headersOf(protocol: Protocol<AnyRequest>, accept: string, { target, headers }: Sending): readonly string[] {
  const known = USUAL.get(target) ?? new Map<string, readonly string[]>();
  const key = `${protocol.path} ${accept}`;
  const usual = headers ? undefined : known.get(key);
  if (usual) return usual;
  const all = {
    'content-type': 'application/json',
    accept,
    'accept-encoding': 'identity',
    'user-agent': 'tokenswarm',
    ...(protocol.headers?.(target.headers) ?? target.headers),
    ...lowerCased(headers),
  };
  const list = Object.entries(all).flat();
  if (!headers) USUAL.set(target, known.set(key, list));
  return list;
}

/** Lower-cases header names, so that a script's `Authorization` replaces ours. */
function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
