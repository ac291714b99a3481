import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** Server that reads long bodies, and answers each with five tokens. */
export interface Sink {
  readonly port: number;
  /** Requests that it has read to their end, and bytes of all. */
  readonly read: { readonly requests: number; readonly bytes: number };
  close(): void;
}

const chunk = (fields: object) =>
  `data: ${JSON.stringify({ object: 'chat.completion.chunk', model: 'm', ...fields })}\n\n`;
const token = (content: string) => chunk({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
const EVENTS = [
  ...[' a', ' b', ' c', ' d', ' e'].map(token),
  chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  chunk({ choices: [], usage: { prompt_tokens: 100_000, completion_tokens: 5, total_tokens: 100_005 } }),
  'data: [DONE]\n\n',
].join('');
const ANSWER = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ${Buffer.byteLength(EVENTS)}\r\n\r\n${EVENTS}`,
);

/** Milliseconds from the end of a request to its answer. */
const DELAY = 5;

/** Starts a sink in this process. */
export async function startSink(): Promise<Sink> {
  const read = { requests: 0, bytes: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    let head = '';
    let left = 0;
    socket.on('data', (bytes: Buffer) => {
      read.bytes += bytes.length;
      if (left > 0) left -= bytes.length;
      else {
        head += bytes.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        left = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0) - (head.length - end - 4);
        head = '';
      }
      if (left > 0) return;
      read.requests += 1;
      setTimeout(() => socket.write(ANSWER), DELAY);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    read,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
