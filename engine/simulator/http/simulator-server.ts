import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { behaviourOf, type FixedParts, isSimulatorModel } from '../text/model-name.js';
import { messages } from './anthropic-messages.js';
import { ApiError } from './api-error.js';
import { chatCompletions } from './chat-completions.js';
import { completions } from './completions.js';
import { embeddings } from './embeddings.js';
import { type Fault, readFaults } from './faults.js';
import { geminiContent } from './gemini-content.js';
import { type Engine, generate } from './generate.js';
import { sendJson } from './json-response.js';
import { METRICS_TYPE, metricsPage } from './metrics-page.js';
import { ollamaChat } from './ollama-chat.js';
import { readJson } from './request-body.js';
import { responses } from './responses-api.js';
import type { Protocol } from './simulated-protocol.js';
import { tgiGenerate } from './tgi-generate.js';

/** Options of the simulator's HTTP server. */
export interface ServerOptions {
  /** Id that `/v1/models` lists. */
  readonly model: string;
  readonly apiKey: string | undefined;
  readonly fixed: FixedParts;
  /** Faults of every request, beside those of its model's name. */
  readonly faults: readonly Fault[];
  /** Picks the fault of the next request among several. */
  readonly draw: (faults: readonly Fault[]) => Fault | undefined;
}

interface Route {
  readonly method: 'GET' | 'POST';
  /** `arrivedAt` is the instant at which the request's head was complete. */
  handle(request: IncomingMessage, response: ServerResponse, arrivedAt: number): Promise<void> | void;
}

const PROTOCOLS: readonly Protocol[] = [
  chatCompletions,
  completions,
  embeddings,
  responses,
  messages,
  ollamaChat,
  tgiGenerate,
  geminiContent,
];

/** Creates the HTTP server: routes, authorization and errors. It does not listen yet. */
export function createSimulatorServer(engine: Engine, { model, apiKey, fixed, faults, draw }: ServerOptions): Server {
  const { card, cache } = engine.served;
  const entry = {
    ...{ id: model, object: 'model', created: Math.floor(Date.now() / 1000), owned_by: 'tokenswarm-simulator' },
    ...(card && { max_model_len: card.longest, simulates: card.record }),
  };
  const models = JSON.stringify({ object: 'list', data: [entry] });
  const tags = JSON.stringify({ models: [{ name: model, model, owned_by: 'tokenswarm-simulator', details: {} }] });
  const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
    ['/health', { method: 'GET', handle: (_, response) => sendJson(response, 200, '{"status":"ok"}') }],
    ['/version', { method: 'GET', handle: (_, response) => sendJson(response, 200, '{"version":"simulator"}') }],
    ['/metrics', { method: 'GET', handle: (_, response) => sendMetrics(response) }],
    ['/v1/models', { method: 'GET', handle: (_, response) => sendJson(response, 200, models) }],
    ['/v1beta/models', { method: 'GET', handle: (_, response) => sendJson(response, 200, tags) }],
    ['/api/tags', { method: 'GET', handle: (_, response) => sendJson(response, 200, tags) }],
  ]);

  function sendMetrics(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': METRICS_TYPE }).end(metricsPage(model, engine.pacer.load, cache));
  }

  function generationRoute(protocol: Protocol): Route {
    return {
      method: 'POST',
      async handle(request, response, arrivedAt) {
        const generation = protocol.read(await readJson(request), { path: pathOf(request), model });
        if (generation.model !== model && !isSimulatorModel(generation.model)) throw unknownModel(generation.model);
        const asked = isSimulatorModel(generation.model) ? readFaults(generation.model).faults : [];
        const fault = draw([...asked, ...faults]);
        generate(engine, generation, behaviourOf(generation.model, fixed), response, arrivedAt, fault);
      },
    };
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrivedAt = engine.now();
    const path = pathOf(request);
    if (apiKey !== undefined && /^\/(?:v1|api|generate)/.test(path) && !isAuthorized(request, apiKey))
      throw unauthorized();
    const protocol = protocolAt(path);
    const route = protocol ? generationRoute(protocol) : routes.get(path);
    if (route === undefined) throw new ApiError(404, `There is no ${path} here.`, { code: 'not_found' });
    if (request.method !== route.method) {
      response.setHeader('allow', route.method);
      throw new ApiError(405, `${path} takes ${route.method} only.`, { code: 'method_not_allowed' });
    }
    await route.handle(request, response, arrivedAt);
  }

  const server = createServer({ noDelay: true, keepAlive: true }, (request, response) => {
    // Marks every response as simulated, not only the list of models.
    response.setHeader('server', 'tokenswarm-simulator');
    handle(request, response).catch((error: unknown) => {
      // The client disconnected while sending its body, so there is no response.
      if (response.destroyed) return;
      if (!(error instanceof ApiError)) throw error;
      const asked = pathOf(request);
      const protocol = protocolAt(asked.startsWith('/api/') ? '/api/chat' : asked);
      sendJson(response, error.status, JSON.stringify(protocol?.refusal?.(error) ?? error));
    });
  });
  // Streams may last for hours, and clients keep idle connections between iterations.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.keepAliveTimeout = 75_000;
  return server;
}

/** API that a path belongs to. */
function protocolAt(asked: string): Protocol | undefined {
  return PROTOCOLS.find(({ path }) => (typeof path === 'string' ? path === asked : path.test(asked)));
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?')[0] ?? '/';
}

/** Checks the key: a bearer token, or Anthropic's or Google's header. */
function isAuthorized({ headers }: IncomingMessage, apiKey: string): boolean {
  return (
    headers.authorization === `Bearer ${apiKey}` ||
    headers['x-api-key'] === apiKey ||
    headers['x-goog-api-key'] === apiKey
  );
}

function unknownModel(name: string): ApiError {
  const message = `The model \`${name}\` does not exist.`;
  return new ApiError(404, message, { type: 'not_found_error', param: 'model', code: 'model_not_found' });
}

function unauthorized(): ApiError {
  const message = 'This simulator requires `Authorization: Bearer` with its API key.';
  return new ApiError(401, message, { type: 'authentication_error', code: 'invalid_api_key' });
}
