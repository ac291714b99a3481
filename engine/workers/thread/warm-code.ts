import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { openExchange } from '../../client/exchange.js';
import { chatProtocol } from '../../client/protocols/chat.js';
import { send } from '../../client/request.js';
import { figuresOf } from '../../client/request-figures.js';
import { parseTarget } from '../../client/target.js';
import { ConnectionSet } from '../../client/transport/connection-set.js';
import { PLAIN, Transport, type TransportSettings } from '../../client/transport/transport.js';
import type { Clock } from '../../clock.js';
import { Recorder } from '../../metrics/recorder.js';
import { LlmRecorder } from '../../vu/llm-recorder.js';

/** Requests of each user of the rehearsal. Enough for the code to be compiled, in some 20 ms. */
const REQUESTS = 8;
const EVENTS = 10;

const EVENT = 'data: {"id":"r","choices":[{"index":0,"delta":{"content":"好"},"finish_reason":null}],"usage":null}\n\n';
const LAST = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
/** Chunks written one by one, so that each is a read. */
const PARTS = [HEAD, ...Array.from({ length: EVENTS }, () => chunk(EVENT)), `${chunk(LAST)}0\r\n\r\n`];

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

/**
 * Sends requests to a server inside this thread and discards the measurements. The first request of a thread that has
 * never made one is 10 to 30 ms late, while code is compiled and the HTTP parser is loaded: that belongs to no TTFT. One
 * user is read in JavaScript, the other by the given reader. Rejects where no port is available.
 */
export async function rehearse(clock: Clock, reader: TransportSettings['reader'] = 'js'): Promise<void> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('data', async () => {
      for (const part of PARTS) {
        socket.write(part);
        await clock.breathe();
      }
    });
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const target = parseTarget({ baseUrl, model: 'rehearsal' });
  const llm = new LlmRecorder(new Recorder(0, clock.now(), { from: 0, to: 1000 }));
  // No proxy is asked for a server that is inside of the thread.
  const user = async (transport: Transport) => {
    const connections = new ConnectionSet(target.origin, transport, clock);
    for (let request = 0; request < REQUESTS; request += 1) {
      const exchange = openExchange('rehearsal', target.model, clock.now());
      const pending = llm.begin({ scenario: '', name: exchange.name }, exchange.scheduledAt);
      const timeouts = { total: 1000, idle: 1000 };
      const body = { messages: [{ role: 'user', content: '你好' } as const] };
      await send(chatProtocol, body, exchange, { target, connections, clock, timeouts, onOutput: pending.onOutput });
      llm.end(pending, exchange);
      llm.settle(pending, exchange, figuresOf(exchange), undefined);
    }
    connections.close();
  };
  await Promise.all([user(new Transport()), user(new Transport({ ...PLAIN, reader }))]);
  server.close();
}
