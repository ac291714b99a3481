import { type Exchange, openExchange } from '../../engine/client/exchange.js';
import { type ChatBody, chatProtocol } from '../../engine/client/protocols/chat.js';
import type { Protocol } from '../../engine/client/protocols/protocol.js';
import { send } from '../../engine/client/request.js';
import type { RequestContext } from '../../engine/client/request-context.js';
import { parseTarget, type Target } from '../../engine/client/target.js';
import { ConnectionSet } from '../../engine/client/transport/connection-set.js';
import { PLAIN, Transport, type TransportSettings } from '../../engine/client/transport/transport.js';
import { type Clock, systemClock } from '../../engine/clock.js';

/** One user of a server under test. */
export interface TestClient {
  readonly target: Target;
  readonly connections: ConnectionSet;
  /** Sends a question and resolves with its exchange when that has ended. */
  ask(options?: Asking): Promise<Exchange>;
}

interface Asking extends Partial<Omit<RequestContext, 'target' | 'connections'>> {
  /** Model of the request. By default that of the target. */
  readonly model?: string;
  readonly protocol?: Protocol<ChatBody>;
  /** Default: true. */
  readonly stream?: boolean;
  readonly maxTokens?: number | undefined;
}

const PATIENCE = { total: 10_000, idle: 10_000 };

/** Settings of clients without their own. `TOKENSWARM_READER=native` has them read in C. */
const USUAL: TransportSettings = {
  ...PLAIN,
  reader: process.env.TOKENSWARM_READER === 'native' ? 'native' : 'js',
};

/** Returns a function that makes clients, closed after each test. */
export function testClients(): (
  baseUrl: string,
  apiKey?: string,
  settings?: TransportSettings,
  clock?: Clock,
) => TestClient {
  const made: TestClient[] = [];
  afterEach(() => {
    for (const { connections } of made.splice(0)) connections.close();
  });
  return (baseUrl, apiKey, settings = USUAL, clock = systemClock) => {
    const target = parseTarget({ baseUrl, model: 'm', apiKey });
    const connections = new ConnectionSet(target.origin, new Transport(settings), clock);
    const client: TestClient = {
      target,
      connections,
      async ask({ protocol = chatProtocol, stream = true, timeouts = PATIENCE, model, maxTokens, ...rest } = {}) {
        const exchange = openExchange('chat', model ?? target.model, clock.now(), stream);
        const body: ChatBody = { messages: [{ role: 'user', content: 'How are you?' }], stream, maxTokens };
        await send(protocol, body, exchange, { target, connections, clock, timeouts, ...rest });
        return exchange;
      },
    };
    made.push(client);
    return client;
  };
}

/** Waits until a condition is true; rejects after `patience` milliseconds. It looks after every turn of the event loop. */
export async function until(happened: () => boolean, patience = 5000): Promise<void> {
  const deadline = systemClock.now() + patience;
  while (!happened()) {
    if (systemClock.now() > deadline) throw new Error(`still not so after ${patience} ms: ${happened}`);
    await systemClock.breathe();
  }
}
