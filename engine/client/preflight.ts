import type { Clock } from '../clock.js';

import { configError } from '../errors.js';
import { type Failure, openExchange } from './exchange.js';

import { type ListedModel, listModels, type ModelList, type Simulation } from './list-models.js';
import { PROTOCOLS, type ProtocolName } from './protocols/index.js';
import { type AnyRequest, errorText, isStreamed, type Protocol, pathOf, shortMessage } from './protocols/protocol.js';
import { send } from './request.js';
import { parseTarget, publicUrl, type Target, type TargetAddress } from './target.js';
import { explainNoConnection } from './transport/connect-error.js';
import { Connection } from './transport/connection.js';
import { ConnectionSet } from './transport/connection-set.js';
import type { Transport, TransportSettings } from './transport/transport.js';

/** Server as the preflight found it. */
export interface Found extends TargetAddress {
  /** True where the server reports itself as our simulator. */
  readonly simulated: boolean;
  /** Simulated setup, where the server reports one. */
  readonly simulates?: Simulation;
  /** Reason to look again, for the run's warnings. */
  readonly warning?: string;
}

/** Servers after the preflight, and their transport; plain data. */
export interface ResolvedTargets {
  /** Empty where no server was named. Of several, each has a label. */
  readonly targets: readonly Found[];
  readonly transport: TransportSettings;
  /** Warnings for the run, those of servers among them. */
  readonly warnings: readonly string[];
}

/** Timeout of each of the two requests, in milliseconds. */
const PATIENCE = 30_000;

/**
 * Checks a server before the load, in the scenario's protocol. Lists its models and makes the smallest request
 * possible. The server decides: a model that it does not list, but serves, is good, and said in a warning. Throws a
 * UserError with a hint where the server cannot be reached, refuses the key, or does not serve the model.
 */
export async function preflight(
  address: Omit<TargetAddress, 'model'> & { readonly model?: string | undefined },
  transport: Transport,
  clock: Clock,
  name: ProtocolName = 'chat',
  signal?: AbortSignal,
): Promise<Found> {
  const protocol: Protocol<AnyRequest> = PROTOCOLS[name];
  const target = parseTarget({ ...address, model: address.model ?? '' });
  const shown = publicUrl(address.baseUrl);
  const isNamed = address.model !== undefined;
  const connection = new Connection(target.origin, transport, clock);
  const models = await knownModels(protocol, target, { shown, connection, isNamed, signal });
  const model = address.model ?? models?.[0]?.id;
  if (!model) {
    throw configError(
      shown,
      models ? 'the server lists no model' : 'the server has no list of models',
      'name one with --model',
    );
  }
  const simulated = models?.some((listed) => listed.simulated) ?? false;
  const simulates = models?.find((listed) => listed.simulates)?.simulates;
  const ids = models?.map(({ id }) => id) ?? [];
  // Ollama takes a name without its tag for the latest.
  const isListed = ids.length === 0 || ids.includes(model) || ids.includes(`${model}:latest`) || simulated;
  const asked = parseTarget({ ...address, model }, target.secrets);
  // A simulated card answers to every name, the other simulator to its own, such as sim-429.
  const isUnlisted = !isListed || (simulated && !ids.includes(model) && !model.startsWith('sim-'));
  const others = isNamed && !isUnlisted ? undefined : ids;
  await probe({ name, target: asked, shown, transport, clock, signal }, others, address.apiKey !== undefined);
  const { askUsage, limitField } = asked;
  return {
    ...address,
    model,
    askUsage,
    ...(limitField !== 'max_tokens' && { limitField }),
    simulated,
    ...(simulates && { simulates }),
    ...(!isListed && { warning: `${shown} serves the model ${model}, which is not in its list: ${listOf(ids)}` }),
  };
}

/** Request for the list of models. */
interface Listing {
  readonly shown: string;
  readonly connection: Connection;
  readonly isNamed: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Models of the server; undefined without a readable list. */
async function knownModels(
  protocol: Protocol<AnyRequest>,
  target: Target,
  { shown, connection, isNamed, signal }: Listing,
): Promise<readonly ListedModel[] | undefined> {
  const { redact, redactAll } = target.secrets;
  // Nobody waits for the answer then, and an open socket would keep the process.
  signal?.addEventListener('abort', () => connection.close(), { once: true });
  let list: ModelList;
  try {
    list = await listModels(protocol, target, connection, PATIENCE);
  } catch (error) {
    const { why, hint } = explainNoConnection(connection.causeOf(error as Error), shown);
    throw configError(shown, `the server cannot be reached: ${shortMessage(redact(why))}`, hint);
  } finally {
    connection.close();
  }
  const { status, url, body, models } = list;
  if (status === 401 || status === 403) {
    const hint = 'give the right key with --api-key or OPENAI_API_KEY';
    throw configError(shown, `the server rejects the API key (HTTP ${status})`, hint);
  }
  if (status === 407) {
    const hint = 'give them as in HTTP_PROXY=http://user:password@host:port, or name the server in NO_PROXY';
    throw configError(shown, 'the proxy requires a user and password (HTTP 407)', hint);
  }
  // A name that has a key in it is an echo.
  if (status === 200 && models) return redactAll(models).filter(({ id }, index) => id === models[index]?.id);
  if (status < 300 && typeof body === 'string' && isWebPage(body)) {
    throw configError(shown, `${redact(url)} answers with a web page`, WRONG_PATH);
  }
  if (isNamed) return undefined;
  if (status === 404) throw configError(shown, `${redact(url)} answers HTTP 404: there is no list of models`, NO_LIST);
  if (status === 200) return models;
  const said = shortMessage(redact(`${url} answers HTTP ${status}: ${errorText(body)}`));
  const hint = hasKey(target)
    ? status < 500
      ? KEY_OR_ADDRESS
      : SKIP
    : `if it requires a key, give --api-key; ${SKIP}`;
  throw configError(shown, said, hint);
}

/** Request of the preflight. */
interface Probe {
  readonly name: ProtocolName;
  readonly target: Target;
  readonly shown: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/** Makes the smallest request. `others` are the listed models, where the model may be the reason of a failure. */
async function probe(asking: Probe, others: readonly string[] | undefined, isKeyGiven: boolean): Promise<void> {
  const { name, target, shown } = asking;
  const protocol: Protocol<AnyRequest> = PROTOCOLS[name];
  let failure = await failureOfProbe(asking, protocol.probe);
  // A server may want more tokens than one, or not know the field.
  if (failure && isAboutLimit(failure)) failure = await failureOfProbe(asking, withoutLimit(protocol.probe));
  // One token may be one that shows nothing, such as the beginning of a character.
  if (!failure || failure.kind === 'empty') return;
  const { status = 0, message } = failure;
  if (status === 401 || status === 403) {
    throw configError(shown, `the server rejects the API key: ${message}`, 'give --api-key or OPENAI_API_KEY');
  }
  const what = `a small ${name} request to ${target.model} failed (${failure.kind}): ${message}`;
  if (status >= 300 && status < 400) throw configError(shown, what, 'give the address that it redirects to');
  if (isWebPage(message) && (status < 400 || status === 404)) throw configError(shown, what, WRONG_PATH);
  if (status < 500 && ABOUT_KEY.test(message)) throw configError(shown, what, KEY_OR_ADDRESS);
  const isRefused = failure.kind === 'http_status' || failure.kind === 'stream_error';
  if (others && others.length > 0 && isRefused && !isMissingPath(failure, target.model)) {
    if (!others.includes(target.model)) {
      throw configError(
        shown,
        `the server does not know the model ${target.model}: ${message}`,
        `use one of: ${listOf(others)}`,
      );
    }
    throw configError(shown, what, `it is the first that the server lists: name another with --model; ${SKIP}`);
  }
  if (isMissingPath(failure, target.model)) {
    const names = Object.keys(PROTOCOLS).filter((other) => other !== name);
    const path = pathOf(protocol, target, { model: target.model, streamed: true });
    const address = protocol.below === 'root' || target.basePath.endsWith('/v1') ? '' : `${PATH}; `;
    throw configError(shown, what, `${address}if the server has no ${path}, set options.protocol to ${anyOf(names)}`);
  }
  if (status === 404)
    throw configError(shown, what, `does the server have the model ${target.model}? Name another with --model`);
  throw configError(shown, what, isKeyGiven && status >= 400 && status < 500 ? KEY_OR_ADDRESS : SKIP);
}

async function failureOfProbe(
  { target, transport, clock, name, signal }: Probe,
  request: AnyRequest,
): Promise<Failure | undefined> {
  const protocol: Protocol<AnyRequest> = PROTOCOLS[name];
  const connections = new ConnectionSet(target.origin, transport, clock);
  const exchange = openExchange('preflight', target.model, clock.now(), isStreamed(protocol, request));
  const timeouts = { total: 10 * PATIENCE, idle: 10 * PATIENCE };
  await send(protocol, request, exchange, { target, connections, clock, timeouts, signal });
  connections.close();
  return exchange.failure;
}

/** Request of a generation with as many tokens as the server likes. */
function withoutLimit(request: AnyRequest): AnyRequest {
  return Object.fromEntries(Object.entries(request).filter(([field]) => field !== 'maxTokens'));
}

/** True where the server rejects the answer's length, by any name. */
function isAboutLimit({ status, message }: Failure): boolean {
  return (status === 400 || status === 422) && /max_(?:completion_|output_|new_)?tokens/.test(message);
}

/** True where the path is missing, rather than the model. */
function isMissingPath({ status, message }: Failure, model: string): boolean {
  return (status === 404 || status === 405) && !message.includes(model);
}

function hasKey({ headers }: Target): boolean {
  return headers.authorization !== undefined;
}

/** Joins the first names of a list. */
function listOf(names: readonly string[]): string {
  const left = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(', ') + (left > 0 ? ` and ${left} more` : '');
}

/** Most models that a message names. */
const MOST_NAMES = 20;

function isWebPage(text: string): boolean {
  return /<!doctype html|<html/i.test(text);
}

/** Messages about the key, with any status. */
const ABOUT_KEY = /\bapi[ _-]?key\b|\btoken\b|unauthori[sz]ed|authenticat|credential/i;

const PATH = "check the path of the address: most servers' ends in /v1";
const NO_LIST = `${PATH}; where it is right, name a model with --model`;
const WRONG_PATH = `${PATH}; --no-preflight skips this check`;
const KEY_OR_ADDRESS =
  'is the key right (--api-key or OPENAI_API_KEY)? If so, fix the server or the address; --no-preflight skips this check';
const SKIP = 'fix the server or the address; --no-preflight skips this check';

/** Joins names as `a, b or c`. */
function anyOf(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
