import { request } from 'undici';
import type { Clock } from '../clock.js';
import { ExitCode, messageOf, UserError } from '../errors.js';
import { chatProtocol } from './chat.js';
import { ConnectionSet } from './connection.js';
import { openExchange } from './exchange.js';
import { explainNoConnection } from './no-connection.js';
import { errorText } from './protocol.js';
import { send } from './request.js';
import { parseTarget, publicUrl, type Target, type TargetAddress } from './target.js';

/** What was found out about a server before the load. */
export interface Found extends TargetAddress {
  /** It says itself that it is our simulator. */
  readonly simulated: boolean;
}

/** How long each of the two requests may take, in milliseconds. */
const PATIENCE = 30_000;

interface ModelList {
  readonly data?: readonly { readonly id?: string; readonly owned_by?: string }[];
}

/**
 * Tries the server before the load: lists its models and asks one for a single token. Throws a UserError that says
 * what to do when it cannot be reached, refuses the key, or does not know the model.
 */
export async function preflight(
  address: Omit<TargetAddress, 'model'> & { readonly model?: string | undefined },
  clock: Clock,
): Promise<Found> {
  const target = parseTarget({ ...address, model: address.model ?? '' });
  const shown = publicUrl(address.baseUrl);
  const models = await listModels(target, shown);
  const ids = models?.flatMap(({ id }) => (id ? [id] : []));
  const model = address.model ?? ids?.[0];
  if (!model) {
    throw refuse(
      shown,
      ids ? 'the server lists no model' : 'the server has no list of models',
      'name one with --model',
    );
  }
  if (ids && ids.length > 0 && !ids.includes(model) && !models?.some(isSimulator)) {
    throw refuse(shown, `the server does not know the model ${model}`, `use one of: ${ids.join(', ')}`);
  }
  const asked = parseTarget({ ...address, model });
  await askOneToken(asked, model, shown, clock);
  return { ...address, model, askUsage: asked.askUsage, simulated: models?.some(isSimulator) ?? false };
}

function isSimulator({ owned_by: owner }: { readonly owned_by?: string }): boolean {
  return owner === 'tokenswarm-simulator';
}

/** The server's models; undefined where it has no such list. */
async function listModels(target: Target, shown: string): Promise<ModelList['data']> {
  let status: number;
  let text: string;
  try {
    const response = await request(`${target.origin}${target.basePath}/models`, {
      headers: { ...target.headers },
      headersTimeout: PATIENCE,
      bodyTimeout: PATIENCE,
    });
    status = response.statusCode;
    text = await response.body.text();
  } catch (error) {
    const { why, hint } = explainNoConnection(error instanceof Error ? error : new Error(messageOf(error)));
    throw refuse(shown, `the server cannot be reached: ${target.redact(why)}`, hint);
  }
  if (status === 401 || status === 403) {
    const hint = 'give the right key with --api-key or OPENAI_API_KEY';
    throw refuse(shown, `the server refuses the API key (HTTP ${status})`, hint);
  }
  if (status === 404) return undefined;
  if (status < 300 && isWebPage(text)) throw refuse(shown, `${shown}/models answers with a web page`, WRONG_PATH);
  const body = parse(text);
  if (status !== 200) {
    throw refuse(shown, target.redact(`${shown}/models answers HTTP ${status}: ${errorText(body ?? text)}`), SKIP);
  }
  const listed = (body as ModelList | null | undefined)?.data;
  return Array.isArray(listed) ? listed.filter((entry) => typeof entry?.id === 'string') : undefined;
}

async function askOneToken(target: Target, model: string, shown: string, clock: Clock): Promise<void> {
  const connections = new ConnectionSet(target.origin, clock);
  const exchange = openExchange('preflight', model, clock.now());
  const body = { messages: [{ role: 'user', content: 'Hi' } as const], maxTokens: 1 };
  const timeouts = { total: 10 * PATIENCE, idle: 10 * PATIENCE };
  await send(chatProtocol, body, exchange, { target, connections, clock, timeouts });
  connections.close();
  const { failure } = exchange;
  // One token may be one that shows nothing, such as the beginning of a character.
  if (!failure || failure.kind === 'empty') return;
  if (failure.status === 401 || failure.status === 403) {
    throw refuse(shown, `the server refuses the API key: ${failure.message}`, 'give --api-key or OPENAI_API_KEY');
  }
  const message = `a request for one token of ${model} failed (${failure.kind}): ${failure.message}`;
  throw refuse(shown, message, failure.status === 404 || isWebPage(failure.message) ? WRONG_PATH : SKIP);
}

function isWebPage(text: string): boolean {
  return /<!doctype html|<html/i.test(text);
}

const WRONG_PATH =
  "is the path of the address right? Most servers' ends in /v1; --no-preflight starts the load all the same";
const SKIP = 'mend the server or the address; --no-preflight starts the load all the same';

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuse(where: string, message: string, hint: string): UserError {
  return new UserError(message, { where, hint, exitCode: ExitCode.invalidConfig });
}
