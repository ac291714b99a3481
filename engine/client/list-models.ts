import { type AnyRequest, type Protocol, pathBelow } from './protocols/protocol.js';
import type { Target } from './target.js';
import type { Connection } from './transport/connection.js';

/** Model in a server's list. */
export interface ListedModel {
  readonly id: string;
  /** True for a model of our simulator. */
  readonly simulated: boolean;
  /** Server that the simulator imitates, where it does. */
  readonly simulates?: Simulation;
}

/** Simulated setup as reported: card, model, tensorParallel, precisions and limits. */
export type Simulation = Readonly<Record<string, string | number | boolean>>;

/** Response to a request for the list of models. */
export interface ModelList {
  readonly status: number;
  readonly url: string;
  /** JSON of the answer, or its text where it is not JSON. */
  readonly body: unknown;
  /** Undefined where the answer is not a list. */
  readonly models: readonly ListedModel[] | undefined;
}

/** Lists of OpenAI and Anthropic (`data`), and of Ollama and Gemini (`models`). */
interface Listing {
  readonly data?: readonly Entry[];
  readonly models?: readonly Entry[];
}

interface Entry {
  readonly id?: unknown;
  readonly name?: unknown;
  readonly owned_by?: unknown;
  readonly simulates?: unknown;
}

/** Requests the server's models by the protocol's path. Rejects without a connection within `patience` ms. */
export async function listModels<Request extends AnyRequest>(
  protocol: Protocol<Request>,
  target: Target,
  connection: Connection,
  patience: number,
): Promise<ModelList> {
  const path = pathBelow(protocol.below, protocol.models, target);
  const headers = { ...(protocol.headers?.(target.headers) ?? target.headers) };
  const timeouts = { headersTimeout: patience, bodyTimeout: patience };
  const { status, text } = await connection.request({ method: 'GET', path, headers, ...timeouts });
  const body = parse(text) ?? text;
  const { data, models } = (typeof body === 'object' ? body : {}) as Listing;
  const entries = Array.isArray(body) && body.length > 0 ? body : Array.isArray(data) ? data : models;
  return {
    status,
    url: target.secrets.redact(target.origin + path),
    body,
    models: Array.isArray(entries) ? (entries as readonly (Entry | string | null)[]).flatMap(modelOf) : undefined,
  };
}

function modelOf(listed: Entry | string | null): ListedModel[] {
  const entry = typeof listed === 'string' ? { id: listed } : listed;
  const given = entry?.id ?? entry?.name;
  if (typeof given !== 'string') return [];
  // Gemini's names are paths.
  const id = given.replace(/^models\//, '');
  if (entry?.owned_by !== 'tokenswarm-simulator') return [{ id, simulated: false }];
  return [{ id, simulated: true, ...(isSimulation(entry.simulates) && { simulates: entry.simulates }) }];
}

function isSimulation(given: unknown): given is Simulation {
  return typeof given === 'object' && given !== null && Object.values(given).every((each) => typeof each !== 'object');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
