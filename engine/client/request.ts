import { strikeWrongCounts } from './believed-counts.js';
import { isContextOverflow } from './context-overflow.js';
import type { Exchange } from './exchange.js';
import { type AnyRequest, framingOf, type Protocol, pathOf, shortMessage } from './protocols/protocol.js';
import type { RequestContext } from './request-context.js';
import { ResponseHandler } from './response-handler.js';
import { shareTokens } from './share-tokens.js';
import type { Target } from './target.js';
import type { WireRequest } from './transport/wire-request.js';

/**
 * Sends one request and fills in its exchange. Never rejects: an error becomes the exchange's failure. Where the server
 * rejects `stream_options`, sends once more without it, and remembers that on the target.
 */
export async function send<Request extends AnyRequest>(
  protocol: Protocol<Request>,
  request: Request,
  exchange: Exchange,
  context: RequestContext,
): Promise<void> {
  const { target, clock, connections } = context;
  // A server may repeat the key that a script brings in a header of its own.
  if (context.headers) target.secrets.addHeaders(Object.entries(context.headers));
  exchange.maxTokens = request.maxTokens;
  for (;;) {
    // Another request may be refused while this one is on its way.
    const { askUsage, limitField } = target;
    exchange.sentAt = clock.now();
    const options = dispatchOptions(protocol, request, exchange, context);
    for (let isFresh = false; ; isFresh = true) {
      const connection = isFresh ? connections.fresh() : connections.acquire();
      const reception = new ResponseHandler(protocol, exchange, connection, context);
      const outcome = await reception.receive(options);
      connections.giveBack(connection, outcome, reception);
      // Again where a reused socket died before the response.
      if (outcome !== 'dead' || isFresh) break;
      exchange.reconnected = true;
      exchange.failure = undefined;
    }
    if (askUsage && refusesUsage(exchange)) target.askUsage = false;
    else if (limitField === 'max_tokens' && refusesMaxTokens(exchange)) target.limitField = 'max_completion_tokens';
    else break;
    exchange.failure = undefined;
    exchange.status = undefined;
    exchange.headersAt = undefined;
    exchange.connectedAt = undefined;
  }
  strikeWrongCounts(exchange, target.habits);
  shareTokens(exchange, target.habits);
  const { failure, status } = exchange;
  if (failure) {
    const message = shortMessage(target.secrets.redact(failure.message));
    const isOverflow = isContextOverflow(failure.message);
    exchange.failure = {
      ...failure,
      message,
      ...(status !== undefined && { status }),
      ...(isOverflow && { contextOverflow: true }),
    };
  }
}

/** True where the server does not know `max_tokens`. False where that is too large. */
function refusesMaxTokens({ failure, status }: Exchange): boolean {
  if (status !== 400 && status !== 422) return false;
  const said = failure?.message ?? '';
  return (
    /max_tokens/.test(said) && UNKNOWN_FIELD.test(said) && !/too (?:large|many|high|long)|exceed|context/i.test(said)
  );
}

const UNKNOWN_FIELD =
  /unsupported|not supported|not known|unknown|unrecogni[sz]ed|not recogni[sz]ed|unexpected|not permitted|not allowed|extra inputs|instead|deprecated|use .?max_completion/i;

function refusesUsage({ failure, status }: Exchange): boolean {
  return (status === 400 || status === 422) && /stream_options|include_usage/.test(failure?.message ?? '');
}

function dispatchOptions<Request extends AnyRequest>(
  protocol: Protocol<Request>,
  request: Request,
  exchange: Exchange,
  context: RequestContext,
): WireRequest {
  const { target } = context;
  return {
    method: 'POST',
    path: pathOf(protocol, target, exchange),
    headers: headersOf(protocol, framingOf(protocol, exchange).accept, context) as string[],
    body: protocol.encode(request, exchange.model, target.askUsage, target.limitField),
    // The response handler knows when to be impatient.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}

/** Cached header lists, by target, protocol and framing. For requests without headers of their own. */
const USUAL = new WeakMap<Target, Map<string, readonly string[]>>();

/** Headers of a request, as names and values in turn. The list is cached for requests without headers of their own. */
function headersOf(
  protocol: Protocol<AnyRequest>,
  accept: string,
  { target, headers, routing }: RequestContext,
): readonly string[] {
  const known = USUAL.get(target) ?? new Map<string, readonly string[]>();
  const key = `${protocol.path} ${accept}`;
  const usual = headers || routing ? undefined : known.get(key);
  if (usual) return usual;
  const all = {
    'content-type': 'application/json',
    accept,
    'accept-encoding': 'identity',
    'user-agent': 'tokenswarm',
    ...(protocol.headers?.(target.headers) ?? target.headers),
    ...routing,
    ...lowerCased(headers),
  };
  const list = Object.entries(all).flat();
  if (!headers && !routing) USUAL.set(target, known.set(key, list));
  return list;
}

/** Lower-cases header names, so that a script's `Authorization` replaces ours. */
function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
