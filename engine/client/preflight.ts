import type { Clock } from '../clock.js';
import { configError } from '../errors.js';
import { openExchange } from './exchange.js';
import { type ListedModel, listModels, type ModelList, type Simulation } from './list-models.js';
import { PROTOCOLS, type ProtocolName } from './protocols/index.js';
import { type AnyRequest, errorText, isStreamed, type Protocol, pathOf } from './protocols/protocol.js';
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
}

/** Servers after the preflight, and their transport; plain data. */
export interface ResolvedTargets {
  /** Empty where no server was named. Of several, each has a label. */
  readonly targets: readonly Found[];
  readonly transport: TransportSettings;
}

/** Timeout of each of the two requests, in milliseconds. */
const PATIENCE = 30_000;

/**
 * Checks a server before the load, in the scenario's protocol. Lists its models and makes the smallest request
 * possible. Throws a UserError with a hint where the server cannot be reached, refuses the key, or does not know the
 * model.
 */
export async function preflight(
  address: Omit<TargetAddress, 'model'> & { readonly model?: string | undefined },
  transport: Transport,
  clock: Clock,
  name: ProtocolName = 'chat',
): Promise<Found> {
  const protocol: Protocol<AnyRequest> = PROTOCOLS[name];
  const target = parseTarget({ ...address, model: address.model ?? '' });
  const shown = publicUrl(address.baseUrl);
  const models = await knownModels(protocol, target, shown, new Connection(target.origin, transport, clock));
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
  if (ids.length > 0 && !ids.includes(model) && !ids.includes(`${model}:latest`) && !simulated) {
    throw configError(shown, `the server does not know the model ${model}`, `use one of: ${ids.join(', ')}`);
  }
  const asked = parseTarget({ ...address, model });
  await probe(name, protocol, asked, shown, transport, clock);
  return { ...address, model, askUsage: asked.askUsage, simulated, ...(simulates && { simulates }) };
}

/** Models of the server; undefined where it has no list. */
async function knownModels(
  protocol: Protocol<AnyRequest>,
  target: Target,
  shown: string,
  connection: Connection,
): Promise<readonly ListedModel[] | undefined> {
  let list: ModelList;
  try {
    list = await listModels(protocol, target, connection, PATIENCE);
  } catch (error) {
    const { why, hint } = explainNoConnection(connection.causeOf(error as Error));
    throw configError(shown, `the server cannot be reached: ${target.redact(why)}`, hint);
  } finally {
    connection.close();
  }
  const { status, url, body, models } = list;
  if (status === 401 || status === 403) {
    const hint = 'give the right key with --api-key or OPENAI_API_KEY';
    throw configError(shown, `the server refuses the API key (HTTP ${status})`, hint);
  }
  if (status === 407) {
    const hint = 'give them as in HTTP_PROXY=http://user:password@host:port, or name the server in NO_PROXY';
    throw configError(shown, 'the proxy wants a user and a password (HTTP 407)', hint);
  }
  if (status === 404) return undefined;
  if (status < 300 && typeof body === 'string' && isWebPage(body)) {
    throw configError(shown, `${url} answers with a web page`, WRONG_PATH);
  }
  if (status === 200) return models;
  throw configError(shown, target.redact(`${url} answers HTTP ${status}: ${errorText(body)}`), SKIP);
}

async function probe(
  name: ProtocolName,
  protocol: Protocol<AnyRequest>,
  target: Target,
  shown: string,
  transport: Transport,
  clock: Clock,
): Promise<void> {
  const connections = new ConnectionSet(target.origin, transport, clock);
  const exchange = openExchange('preflight', target.model, clock.now(), isStreamed(protocol, protocol.probe));
  const timeouts = { total: 10 * PATIENCE, idle: 10 * PATIENCE };
  await send(protocol, protocol.probe, exchange, { target, connections, clock, timeouts });
  connections.close();
  const { failure } = exchange;
  // One token may be one that shows nothing, such as the beginning of a character.
  if (!failure || failure.kind === 'empty') return;
  if (failure.status === 401 || failure.status === 403) {
    throw configError(shown, `the server refuses the API key: ${failure.message}`, 'give --api-key or OPENAI_API_KEY');
  }
  const what = `a small ${name} request to ${target.model} failed (${failure.kind}): ${failure.message}`;
  const others = Object.keys(PROTOCOLS).filter((other) => other !== name);
  const unknown = failure.status === 404 || failure.status === 405;
  const path = pathOf(protocol, target.basePath);
  if (isWebPage(failure.message)) throw configError(shown, what, WRONG_PATH);
  throw configError(
    shown,
    what,
    unknown ? `if the server has no ${path}, set options.protocol to ${anyOf(others)}` : SKIP,
  );
}

function isWebPage(text: string): boolean {
  return /<!doctype html|<html/i.test(text);
}

const WRONG_PATH =
  "is the path of the address right? Most servers' ends in /v1; --no-preflight starts the load all the same";
const SKIP = 'mend the server or the address; --no-preflight starts the load all the same';

/** Joins names as `a, b or c`. */
function anyOf(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
